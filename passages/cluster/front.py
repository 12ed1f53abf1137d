"""The front of a cluster: the HTTP API as a deployment of Ray Serve, over the actors of the shards.

It follows the index. A new generation is opened by all groups of shards beside the one that
serves, and only then asked; a question that has begun stays with its own.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import ray
from ray import serve
from ray.serve import Application
from starlette.applications import Starlette

from passages.cluster.actors import AT_ONCE, groups_there, open_everywhere, start_groups
from passages.cluster.connecting import connect, demand_token
from passages.cluster.fleet import ReplicatedFleet
from passages.cluster.place import REPLICAS, Place
from passages.cluster.published import Published, generation_of, open_shards
from passages.cluster.ray_fleet import ToActors
from passages.errors import BadSetting
from passages.index.generation import open_collection
from passages.index.manifest import read_manifest
from passages.search.searcher import Index
from passages.search.serving.live import LiveIndex
from passages.search.serving.opened import index_over
from passages.search.sources.sharded import ShardedSource
from passages.search.sources.source import About
from passages.service.app import app
from passages.service.operating.settings import api_settings

REQUEST_SECONDS = 20.0
"""So long a request may take: a question costs three calls, each with a deadline of its own."""


def deploy(cluster: str, place: Place, host: str, port: int) -> None:
    """Deploy the front on a running cluster, or change the one that is there.

    Args:
        cluster: the address of Ray's head, `auto` on a node of it.
        place: where the index is.
        host: the address that each node listens on.
        port: the port of it.

    Raises:
        BadSetting: the cluster asks for no token.
        ServiceUnavailable: there is no cluster, or it refuses this token.
    """
    connect(cluster)
    serve.start(http_options={"host": host, "port": port, "request_timeout_s": REQUEST_SECONDS})
    serve.run(_bound(place), name="passages", route_prefix="/")


def application(told: dict[str, str]) -> Application:
    """The Serve application, for `serve.run` or the `import_path` of a RayService.

    Args:
        told: `index`, the address of the index; `groups` and `replicas` of `Place`.

    Raises:
        BadSetting: the arguments mean nothing, or the cluster asks for no token.
    """
    demand_token()
    return _bound(Place.of(told))


def _bound(place: Place) -> Application:
    def built() -> Starlette:
        return _app(place)

    front = serve.deployment(
        serve.ingress(built)(), name="front", max_ongoing_requests=AT_ONCE, num_replicas=REPLICAS
    )
    application: Application = front.bind()
    return application


def _app(place: Place) -> Starlette:
    published = Published(place.index)
    following = LiveIndex(
        Path(place.index),
        lambda _, like: _opened(place, published, like),
        stamp=lambda _: published.stamp(),
    )
    return app(lambda: following.index, api_settings())


def _opened(place: Place, published: Published, like: Index | None) -> Index:
    """The newest generation, once all groups have it open.

    Raises:
        NoIndex: nothing was built yet.
        IndexDamaged: the collection is not what its manifest says.
        PartMissing: a group has not opened it.
        BadSetting: the index has no shards.
    """
    pointer = published.pointer()
    folder = published.folder(pointer)
    manifest = read_manifest(folder)
    if not manifest.shards:
        raise BadSetting(f"{place.index} is one snapshot: build it with --shards for a cluster")
    collection = open_collection(folder, manifest)
    groups = start_groups(
        place.index,
        len(manifest.shards),
        place.groups or groups_there(place.index) or _nodes(),
        place.replicas,
        partial(open_shards, place.index),
    )
    generation = generation_of(pointer)
    open_everywhere(groups, generation)
    about = About.of(pointer.snapshot, manifest)
    source = ShardedSource(about, collection, ReplicatedFleet(generation, groups, ToActors()))
    return index_over(source, folder, like=like)


def _nodes() -> int:
    return sum(node["Alive"] for node in ray.nodes())
