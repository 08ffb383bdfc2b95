"""Puts the rooms together from a configuration: store, desk, people, deployment, demo cases.

The command line and the WSGI entry start here; what the parts do is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from app import bounded, store
from app.audit.tally import Keeper
from app.casework import (
    SYSTEM,
    Deploy,
    Desk,
    DeskSettings,
    Person,
    Refused,
    Role,
    SignInRules,
    SignOnRules,
    Succession,
    Successions,
    accounts,
)
from app.config import Config, labels, remarks, unasked
from app.engine import Finding, Program
from app.store import KekSource, OlderSchema, Store, Tables, Unreachable, kek_for
from app.validation.intake import short_name

Say = Callable[[str], None]
#: seconds between two tries to reach a database that is away when we start
_AGAIN = 2


def open_desk(
    config: Config, *, database: str | None = None, upgrade: bool = False, finish: bool = False
) -> Desk:
    """The desk on the configured database.

    `upgrade`: its tables are made or brought up to date, and its key where nothing is sealed yet;
    else both must be there, and nothing is made. `finish`: what only the release before needs goes
    too. Raises a `StoreFault`.
    """
    opened = _opened(config, database or config.database, upgrade, finish)
    roles = {
        r.id: Role(r.id, r.name, r.sees, r.may, r.second_factor) for r in config.roles.values()
    }
    settings = DeskSettings(
        calendar=config.working_days(),
        roles=roles,
        successions=Successions(
            [
                Succession(successor.on, successor.old, successor.new, successor.parts)
                for successor in config.successions
            ],
            labels(config.settings),
            next((successor.by for successor in config.successions if successor.by), ()),
        ),
        reference=config.reference,
        settings_json=config.settings_json(),
        sign_in=SignInRules(
            idle=timedelta(minutes=config.sign_in.idle_minutes),
            absolute=timedelta(minutes=config.sign_in.absolute_minutes),
            words=config.house_words(),
        ),
        sign_on=SignOnRules(groups=config.sign_on.groups, make_people=config.sign_on.make_people)
        if config.sign_on
        else SignOnRules(),
        retention=config.retention,
    )
    return Desk(opened, settings)


def keeper(desk: Desk, config: Config) -> Keeper:
    """Who keeps up the figures that config.yaml asks for."""
    return Keeper(desk, config.timeliness, config.counts, config.years)


def once_there(config: Config, stop: Event, say: Say) -> Desk | None:
    """The desk, as soon as its database answers; None when told to stop before."""
    said = False
    while not stop.is_set():
        try:
            return open_desk(config)
        except Unreachable as error:
            if not said:
                say(f"{error.sentence} Waiting for it …")
            said = True
            stop.wait(_AGAIN)
    return None


#: what the tables are → what who starts the program should know
_OF_TABLES = {
    Tables.UNFINISHED: "The tables still hold what only the release before needs. Once none of it"
    " runs any more: “rapid-review migrate --finish”.",
    Tables.AHEAD: "The tables are those of a newer release, beside which this one can work until it"
    " is finished (“migrate --finish” of that release).",
}


def say_tables(desk: Desk, say: Say) -> None:
    """Says where an upgrade is under way. Raises a `StoreFault`."""
    said = _OF_TABLES.get(desk.store.demand_current())
    if said is not None:
        say(said)


def kek_source(config: Config) -> KekSource:
    """Where the installation's key comes from, and the one that takes over."""
    return KekSource(config.secrets_dir, *config.key)


def _opened(config: Config, url: str, upgrade: bool, finish: bool) -> Store:
    file = store.file_of(url)
    if file is not None and upgrade:
        file.parent.mkdir(parents=True, exist_ok=True)
    elif file is not None and not file.exists():
        raise OlderSchema
    opened = Store(url, kek_for(url, kek_source(config), make=upgrade))
    if upgrade:
        opened.migrate(finish=finish)
    else:
        opened.demand_current()
    return opened


def deploy_content(desk: Desk, config: Config, at: datetime, say: Say) -> bool:
    """Proposes bpmn/ and forms/ as they lie, when they can run; the first ones are active at once.

    Later ones wait until somebody makes them active. Says each finding of what cannot run; the last
    good deployment stays. False when there is none at all.
    """
    command = Deploy(
        actor=SYSTEM,
        at=at,
        files=config.content_files(),
        note="From the files",
        activate=True,
    )
    try:
        done = desk.do(command)
        version = str(done.answer["digest"])[:12]
        if done.answer["active"]:
            say(f"Version {version} is active.")
        else:
            say(f"Proposed as version {version}. It counts once somebody who may deploy makes it")
            say("active on the page “Processes”; until then the last version keeps running.")
        return True
    except Refused as refused:
        for finding in refused.findings:
            if finding.severity == "error":
                say(f"  {told(finding)}")
        with desk.store.reading() as unit:
            kept = store.deployments.active(unit) is not None
        last = "The last good deployment keeps running." if kept else "There is no earlier one."
        say(f"{refused.sentence} {last}")
        return kept


def told(finding: Finding) -> str:
    """One finding on one line: file, place, sentence."""
    place = f":{finding.line}" if finding.line else ""
    element = f" [{finding.element_id}]" if finding.element_id else ""
    return f"{finding.severity}: {finding.file}{place}{element} {finding.sentence} ({finding.rule})"


def check_files(config: Config, paths: list[Path]) -> tuple[Finding, ...]:
    """Findings of these files among the content as it lies; without paths, of all of it."""
    files = config.content_files()
    for path in paths:
        name = short_name(path.name)
        kind = "bpmn" if name.endswith((".bpmn", ".dmn")) else "forms"
        files[f"{kind}/{name}"] = path.read_bytes()
    names = {short_name(path.name) for path in paths}
    verdict = bounded.check(files, bounded.OWN)
    program = bounded.built(files) if verdict.runs else None
    findings = (*verdict.findings, *_measured(config, program), *_divided(config, program))
    return tuple(f for f in findings if not names or Path(f.file).name in names)


def _measured(config: Config, program: Program | None) -> list[Finding]:
    """What the measures of config.yaml name and the diagrams do not have."""
    if program is None:
        return []
    return [
        Finding(
            file="config.yaml",
            rule="timeliness",
            sentence=f"Measure “{measure.id}”: {sentence}",
            severity="warning",
        )
        for measure in config.timeliness
        for sentence in remarks(measure, program)
    ]


def _divided(config: Config, program: Program | None) -> list[Finding]:
    """What divides a succession and no form asks: those cases would all fall to nobody."""
    if program is None:
        return []
    return [
        Finding(file="config.yaml", rule="successions", sentence=sentence, severity="warning")
        for sentence in unasked(config.successions, program)
    ]


def say_measured(desk: Desk, config: Config, say: Say) -> None:
    """Says what config.yaml names and the active deployment does not have."""
    program = active_program(desk)
    for finding in (*_measured(config, program), *_divided(config, program)):
        say(told(finding))


def active_program(desk: Desk) -> Program | None:
    """The one that new cases start on; None before anything was deployed."""
    with desk.store.reading() as unit:
        digest = store.deployments.active(unit)
        return desk.installation.programs.of(unit, digest).program if digest else None


def put_people(desk: Desk, config: Config, at: datetime) -> None:
    """The accounts of config.yaml that are not there yet; in a demo all with its one password."""
    with desk.store.reading() as unit:
        known = {row.id for row in store.people.accounts.everybody(unit)}
    password = config.demo.password if config.demo else None
    for person in config.people:
        if person.id in known:
            continue
        accounts.ensure(
            desk,
            person.id,
            person.name,
            person.roles,
            at,
            attributes=person.attributes,
            email=person.email,
            password=password,
        )


def people_of(config: Config) -> dict[str, Person]:
    """The accounts of config.yaml as those who give orders, by id."""
    return {
        person.id: Person(person.id, person.name, frozenset(person.roles), dict(person.attributes))
        for person in config.people
    }


def account(desk: Desk, id: str, at: datetime) -> Person | None:
    with desk.store.reading() as unit:
        row = store.people.accounts.find(unit, id)
    return accounts.as_seen(row, at) if row else None


def is_new(desk: Desk) -> bool:
    """Nothing was ever deployed here."""
    with desk.store.reading() as unit:
        return store.deployments.active(unit) is None
