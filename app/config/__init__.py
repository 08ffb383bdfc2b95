"""What an installation says in config.yaml, as frozen values."""

from app.config.access import Mail, Sms, Web
from app.config.attributes import Attribute, in_no_list
from app.config.counts import Ages, Count, Counts
from app.config.dated import labels, succeeding, unasked
from app.config.installation import Config, ConfigError, Demo, load
from app.config.measures import Condition, Measure, Years, remarks
from app.config.sign_on import SignOn

__all__ = [
    "Ages",
    "Attribute",
    "Condition",
    "Config",
    "ConfigError",
    "Count",
    "Counts",
    "Demo",
    "Mail",
    "Measure",
    "SignOn",
    "Sms",
    "Web",
    "Years",
    "in_no_list",
    "labels",
    "load",
    "remarks",
    "succeeding",
    "unasked",
]
