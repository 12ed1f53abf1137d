"""The shipped corpus holds the articles as they came.

The words of the three Markdown files, markup and front matter left out, are compared in order with
the words of `data/seed_articles.txt`, the source's furniture left out: a word lost, added or moved
fails. The outline, every heading with its level, is an editor's reading of the source and is held
here as a whole.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parent.parent
SEED = Path(__file__).parent / "data" / "seed_articles.txt"

# Lines of the source that are no text of an article, in its order: what an image shows, and a
# button. The first of each pair opens an article, the second closes it.
FURNITURE = [
    "a person going through ptsd",
    "Contact Us Today",
    "addiction",
    "Contact Us Today!",
    "a person depressed touching a window",
    "Learn More Today!",
]

# In the order of the source; `##` is a heading of level 2.
OUTLINES = {
    "ketamine-therapy-for-ptsd": """
# Breaking the Chains of Trauma: How Ketamine Therapy is Revolutionizing PTSD Treatment
## The Science Behind Ketamine Therapy for PTSD
### Evidence-Based Research on the Efficacy of Ketamine Therapy
## Ketamine Therapy: What to Expect
### Side Effects and Risks Associated With Ketamine Therapy
### What Patients Can Expect During and After a Ketamine Therapy Session
## The Role of Ketamine Therapy in Combatting Treatment-Resistant PTSD
### The Limitations of Traditional PTSD Treatments
### How Ketamine Therapy Is Helping Combat Treatment-Resistant PTSD
### The Potential of Ketamine Therapy for Reducing the Need for Long-Term Medication
## Ketamine Therapy and Mental Health Stigma
### The Importance of Making PTSD Treatment More Accessible and Less Stigmatized
## Ketamine Therapy and Integrative Treatment
### The Role of Therapy and Counseling in Conjunction With Ketamine Therapy
### The Potential of Complementary Therapies to Enhance the Benefits of Ketamine Therapy
## Ketamine Therapy in Comparison to Other Psychedelic Therapies
### An Overview of Other Emerging Psychedelic Therapies
### Comparison of the Efficacy and Potential Side Effects of Different Psychedelic Therapies
## Success Stories: Ketamine Therapy and PTSD Patients
### Personal Stories of PTSD Patients Who Have Found Relief Through Ketamine Therapy
### Insights Into How Ketamine Therapy Has Changed the Lives of PTSD Patients
## The Cost of Ketamine Therapy
### Overview of the Cost of Ketamine Therapy
### Insurance Coverage for Ketamine Therapy
### Potential Cost-Benefit Analysis of Ketamine Therapy for PTSD
## Criticisms and Controversies Surrounding Ketamine Therapy
### Ethical Concerns Surrounding the Use of Ketamine Therapy
### Criticisms of the Research Behind Ketamine Therapy
### Debate Around the Potential for Abuse and Addiction With Ketamine Therapy
## The Importance of Ketamine Therapy in the Fight Against PTSD
## Looking for more information about ketamine treatment for PTSD?
""",
    "ketamine-therapy-for-addiction": """
# The Promise of Ketamine Therapy for Addiction Treatment
## What Is Ketamine?
### The History of Ketamine Use
### The Chemical Composition of Ketamine
### How Ketamine Works in the Brain
## Ketamine as a Treatment for Addiction
### The Early Evidence of Ketamine’s Potential for Addiction Treatment
### The Types of Addiction That Ketamine Can Treat
### The Benefits of Using Ketamine Therapy for Addiction
## Ketamine Therapy: How It Works
### The Role of Psychotherapy in Ketamine Treatment
### The Safety and Potential Side Effects of Ketamine Therapy
## Success Stories of Ketamine Therapy
### Personal Accounts of Individuals Who Have Undergone Ketamine Therapy for Addiction
### The Potential of Ketamine Therapy To Help Those Who Have Not Responded to Other Addiction Treatments
## Ketamine Therapy and the Brain
### The Mechanisms by Which Ketamine Affects the Brain
### How Ketamine Can Help Rewire the Brain To Break Addiction Patterns
### The Potential for Ketamine Therapy To Enhance the Effectiveness of Other Addiction Treatments
## The Future of Ketamine Therapy for Addiction
### The Ongoing Research Into Ketamine Therapy
### The Potential for Ketamine Therapy To Become a Mainstream Addiction Treatment
### The Challenges Facing the Widespread Adoption of Ketamine Therapy
## Frequently Asked Questions
### How Long Does Ketamine Therapy Last?
### How Is Ketamine Therapy Administered?
### How Can I Find a Ketamine Therapy Provider?
### How Much Does Ketamine Therapy Cost?
### Is Ketamine Therapy Covered by Insurance?
### What Are the Potential Side Effects of Ketamine Therapy?
## Conclusion: Connect With Us For Ketamine Therapy For Addiction Treatment
""",  # noqa: E501 headings are as long as they are
    "ketamine-dose-for-depression": """
# Ketamine Dose for Depression: Understanding the Optimal Treatment
## Understanding Ketamine and its Mechanism of Action
### What Is Ketamine?
### How Does Ketamine Work?
### The Impact of Ketamine on Brain Chemistry
## The Potential Benefits of Ketamine for Depression
## The Different Forms of Ketamine for Depression Treatment
### Intravenous Ketamine
### Intranasal Ketamine
### Sublingual Ketamine
### Oral Ketamine
### Ketamine-Assisted Psychotherapy
## The Factors That Influence Ketamine Dose
### The Severity of Depression
### The Age and Gender of the Patient
### The Weight of the Patient
### The Medical History of the Patient
### The Response to Previous Ketamine Treatments
## The Recommended Ketamine Dose for Depression Treatment
### The Standard Dosing Protocol
### The Rationale Behind the Standard Dosing Protocol
## The Potential Risks and Side Effects of Ketamine Treatment
## The Benefits of Personalized Ketamine Dosing
### The Limitations of the Standard Dosing Protocol
### The Benefits of Individualized Dosing
### The Importance of Patient Monitoring and Follow-Up
## The Process of Ketamine Treatment for Depression
### The Initial Assessment
### The Preparation for Treatment
### The Administration of Ketamine
### The Post-Treatment Evaluation and Follow-Up
## The Efficacy of Ketamine for Depression Treatment
### The Results of Clinical Trials
### The Long-Term Effects of Ketamine Treatment
### The Potential for Relapse
## The Safety of Ketamine for Depression Treatment
### The Potential Risks and Side Effects of Ketamine
### The Precautions That Should Be Taken During Treatment
### The Contraindications for Ketamine Treatment
## The Future of Ketamine for Depression Treatment
### The Ongoing Research on Ketamine
### The Role of Ketamine in the Broader Context of Depression Treatment
## Conclusion
""",
}


def _parts(name: str) -> tuple[dict[str, str], list[Token]]:
    """The front matter of an article and its Markdown, parsed."""
    _, front, body = (ROOT / "corpus" / f"{name}.md").read_text("utf-8").split("---\n", 2)
    return yaml.safe_load(front), MarkdownIt("commonmark").parse(body)


def _words(tokens: list[Token]) -> list[str]:
    """The words, all of them plain text: emphasis, a link or code would be an accident."""
    leaves = [leaf for token in tokens for leaf in token.children or []]
    assert {leaf.type for leaf in leaves} <= {"text", "softbreak"}
    assert not {token.type for token in tokens} & {"code_block", "fence", "html_block", "hr"}
    return " ".join(leaf.content for leaf in leaves).split()


def _outline(tokens: list[Token]) -> list[tuple[int, str]]:
    return [(int(a.tag[1:]), b.content) for a, b in pairwise(tokens) if a.type == "heading_open"]


def _source() -> tuple[list[str], list[list[str]]]:
    """The furniture of the source, and the words of each of its articles."""
    furniture: list[str] = []
    articles: list[list[str]] = []
    for line in SEED.read_text("utf-8").splitlines():
        if line.strip() in FURNITURE:
            if len(furniture) % 2 == 0:
                articles.append([])
            furniture.append(line.strip())
        else:
            articles[-1] += line.strip().removeprefix("•").split()
    return furniture, articles


def test_furniture_is_left_out_once() -> None:
    assert _source()[0] == FURNITURE


@pytest.mark.parametrize(("place", "name"), list(enumerate(OUTLINES)))
def test_words_are_those_of_the_source(place: int, name: str) -> None:
    assert _words(_parts(name)[1]) == _source()[1][place]


@pytest.mark.parametrize("name", OUTLINES)
def test_outline(name: str) -> None:
    lines = [line.partition(" ") for line in OUTLINES[name].strip().splitlines()]
    assert _outline(_parts(name)[1]) == [(len(marks), heading) for marks, _, heading in lines]


@pytest.mark.parametrize("name", OUTLINES)
def test_front_matter(name: str) -> None:
    fields, tokens = _parts(name)
    assert fields == {"title": _outline(tokens)[0][1], "source": "Impact Psychedelics"}
