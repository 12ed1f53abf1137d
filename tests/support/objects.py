"""Object storage of S3's kind, on this machine."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "handbooks"
KEYS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
}


class Storage:
    """A server with one bucket."""

    def __init__(self) -> None:
        os.environ.update(KEYS)
        self._server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self._address = f"http://{host}:{port}"
        os.environ["AWS_ENDPOINT_URL"] = self._address
        # All servers of a process share their objects: forget those of the tests before.
        self._set("reset")
        self.refuse(False)
        self.client = boto3.client("s3")
        self.client.create_bucket(Bucket=BUCKET)

    def names(self) -> list[str]:
        """The keys of all objects."""
        found = self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return [one["Key"] for one in found]

    def get(self, key: str) -> bytes:
        """The bytes of an object."""
        return bytes(self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read())

    def put(self, key: str, data: bytes) -> None:
        """Put other bytes in the place of an object."""
        self.client.put_object(Bucket=BUCKET, Key=key, Body=data)

    def remove(self, key: str) -> None:
        """Remove an object."""
        self.client.delete_object(Bucket=BUCKET, Key=key)

    def refuse(self, refused: bool) -> None:
        """Refuse the keys of the environment, or take any."""
        self._set("reset-auth", "0" if refused else "inf")

    def _set(self, what: str, value: str = "") -> None:
        address = f"{self._address}/moto-api/{what}"
        plain = {"Content-Type": "text/plain"}
        request = urllib.request.Request(address, value.encode(), plain, method="POST")
        urllib.request.urlopen(request).close()

    def stop(self) -> None:
        """Stop the server: from now on it cannot be reached."""
        self._server.stop()


@contextmanager
def storage() -> Iterator[Storage]:
    """Storage for a test; the environment is as before afterwards."""
    before = dict(os.environ)
    made = Storage()
    try:
        yield made
    finally:
        made.stop()
        os.environ.clear()
        os.environ.update(before)
