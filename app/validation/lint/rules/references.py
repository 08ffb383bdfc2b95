"""Rules on references within a file: ids that do not exist, pools, lists of flows, imports."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from app.engine import saying
from app.engine.bpmn import ACTIVITIES, GIVEN, b, local, of_bpmn, reference
from app.engine.bpmn.names import EVENTS
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View

#: attributes that hold the id of something in the same file
ATTRIBUTES = (
    "processRef", "messageRef", "dataObjectRef", "dataStoreRef", "itemRef", "itemSubjectRef",
    "errorRef", "escalationRef", "signalRef", "categoryValueRef", "operationRef", "activityRef",
    "correlationPropertyRef",
)  # fmt: skip
#: elements whose text is such an id
TEXTS = (
    "messageRef", "flowNodeRef", "operationRef", "inMessageRef", "outMessageRef", "errorRef",
    "participantRef", "messageFlowRef", "supportedInterfaceRef", "dataInputRefs", "dataOutputRefs",
    "eventDefinitionRef", "correlationPropertyRef",
)  # fmt: skip
#: said by a rule of their own, with more words
ELSEWHERE = frozenset({"messageRef", "signalRef", "errorRef", "escalationRef", "activityRef"})


def _root(view: View) -> etree._Element | None:
    """The file's root for the first process of the file, so that what is said is said once."""
    root = view.drawn.node.getparent()
    return root if root is not None and root.find(b("process")) is view.drawn.node else None


@rule("dangling-reference", "warning")
def dangling_reference(view: View) -> Iterator[Said]:
    """Something points to what is not in the file, as when a piece was deleted. The process runs as
    it is drawn; other tools may refuse the file or show it otherwise."""
    root = _root(view)
    if root is None:
        return
    known = {node.get("id") for node in root.iter() if node.get("id")}
    for node in root.iter():
        if not of_bpmn(node):
            continue
        for name, text in _references(node):
            id = reference(text)
            if id is not None and ":" not in (text or "") and id not in known:
                owner = _named(node)
                yield Said(
                    owner,
                    f"“{local(node)}” {owner or ''} refers to “{id[:80]}” ({name}), which is "
                    "not in the file.".replace("  ", " "),
                )


def _references(node: etree._Element) -> Iterator[tuple[str, str | None]]:
    process = node.getparent() is not None
    for name in ATTRIBUTES:
        in_event = name in ELSEWHERE and local(node).endswith(("EventDefinition", "Task"))
        if node.get(name) and process and not in_event:
            yield name, node.get(name)
    if local(node) in TEXTS:
        yield local(node), node.text


def _named(node: etree._Element) -> str | None:
    holder: etree._Element | None = node
    while holder is not None and not holder.get("id"):
        holder = holder.getparent()
    return None if holder is None else holder.get("id")


@rule("flow-references", "warning")
def flow_references(view: View) -> Iterator[Said]:
    """A step lists the flows that come in and go out, beside the flows themselves. Where the two
    differ, other tools may believe the lists; here the drawn flows count."""
    listed = {id: _listed(view, id) for id in view.elements}
    if not any(way for ways in listed.values() for way in ways):
        return
    for id, (into, out) in listed.items():
        real = {f.id for f in view.into(id)}, {f.id for f in view.out(id)}
        if (into, out) != real:
            wrong = sorted((into ^ real[0]) | (out ^ real[1]))
            yield Said(
                id,
                f"{view.the(id)} lists other incoming or outgoing flows than are drawn "
                f"({', '.join(wrong[:3])}). Here the drawn ones count.",
            )


def _listed(view: View, id: str) -> tuple[set[str], set[str]]:
    node = view.node(id)
    into, out = (
        {reference(ref.text) or "" for ref in node.iterfind(b(tag))}
        for tag in ("incoming", "outgoing")
    )
    return into, out


@rule("message-flow", "warning")
def message_flow(view: View) -> Iterator[Said]:
    """A message flow joins two pools, at what can send and receive (BPMN 2.0.2, 7.6.2). Drawn
    otherwise it tells readers of a conversation that there cannot be."""
    root = _root(view)
    if root is None:
        return
    pools = _pools(root)
    for flow in root.iter(b("messageFlow")):
        ends = [reference(flow.get(end)) or "" for end in ("sourceRef", "targetRef")]
        id = str(flow.get("id"))
        lost = [end for end in ends if end not in pools]
        if lost:
            yield Said(id, f"The message flow {id} ends at “{lost[0]}”, which is in no pool.")
        elif pools[ends[0]] == pools[ends[1]]:
            yield Said(
                id,
                f"The message flow {id} stays within one pool. Use a sequence flow there, or a "
                "message between two pools.",
            )


def _pools(root: etree._Element) -> dict[str, str]:
    """Id of a pool or of anything in its process → the pool."""
    processes = {str(p.get("id")): p for p in root.iterfind(b("process"))}
    # A process that no pool shows lies in one that is not drawn.
    pools = {end: id for id, process in processes.items() for end in _ends(process)}
    for pool in root.iter(b("participant")):
        id = str(pool.get("id"))
        pools[id] = id
        held = processes.get(reference(pool.get("processRef")) or "")
        if held is not None:
            pools |= dict.fromkeys(_ends(held), id)
    return pools


def _ends(process: etree._Element) -> Iterator[str]:
    """What a message flow may join: activities and events, no gateway and nothing drawn aside."""
    return (str(n.get("id")) for n in process.iter() if local(n) in ACTIVITIES | EVENTS)


@rule("flow-without-id", "warning")
def flow_without_id(view: View) -> Iterator[Said]:
    """Histories speak of steps and flows by their ids. What has none is given one when the file is
    read, so that it can run; if a modeler later gives it another, old histories speak of what the
    drawing no longer has."""
    given = [id for id, node in view.drawn.nodes.items() if node.get(GIVEN)]
    if given:
        yield Said(
            given[0],
            f"{saying.count(len(given), 'flow or step', 'flows and steps')} without an id: here "
            f"called {', '.join(given[:3])}{' …' if len(given) > 3 else ''}. Save the file in a "
            "modeler, so that an id is kept: histories speak of ids.",
        )


@rule("only-shown", "warning")
def only_shown(view: View) -> Iterator[Said]:
    """Choreographies and conversations describe who talks to whom. Nothing of them is carried out,
    so nothing in a case follows from them."""
    root = _root(view)
    if root is None:
        return
    for node in root.iter():
        name = local(node).lower()
        if of_bpmn(node) and name.endswith(("choreography", "choreographytask", "conversation")):
            yield Said(
                node.get("id"),
                f"“{local(node)}” {node.get('id') or ''} is a picture only: choreographies and "
                "conversations are not carried out.",
            )


@rule("global", "warning")
def global_elements(view: View) -> Iterator[Said]:
    """A message, signal, error or escalation that nothing uses is a left-over. Two of one name mean
    the same here, though the file looks as if they were different."""
    root = _root(view)
    if root is None:
        return
    used = {reference(str(v)) for n in root.iter() for k, v in n.attrib.items() if k != "id"}
    used |= {reference(node.text) for node in root.iter() if local(node) in TEXTS}
    seen: set[tuple[str, str]] = set()
    for node in root:
        kind, id, name = local(node), node.get("id") or "", node.get("name") or ""
        if kind not in ("message", "signal", "error", "escalation"):
            continue
        if id not in used:
            yield Said(id, f"The {kind} “{name or id}” is declared, but nothing uses it.")
        if name and (kind, name) in seen:
            yield Said(id, f"The {kind} “{name}” is declared twice; both mean the same here.")
        seen.add((kind, name))


@rule("import-not-followed", "warning")
def import_not_followed(view: View) -> Iterator[Said]:
    """Other files are never fetched, whatever a drawing says. What stands only there is missing
    when a case needs it."""
    root = _root(view)
    if root is None:
        return
    for node in root.iterfind(b("import")):
        yield Said(
            None,
            f"The file imports “{(node.get('location') or node.get('namespace') or '')[:80]}”. "
            "Other files are never fetched; put what is needed into the set.",
        )
