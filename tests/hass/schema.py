# SPDX-License-Identifier: ISC
"""What Home Assistant takes in a message of MQTT discovery, and what Domoticz makes of one, as
tables: of Home Assistant 2023.8 to 2026.11 (integrations/mqtt and its platforms, its sensor
and binary_sensor device classes), and Domoticz 2025.x (hardware/MQTTAutoDiscover.cpp).

check(topic, payload, prefix) returns the configs of the entities in a message, after their
faults have been raised as Fault; domoticz(topic, config, value, others) the type that an
entity becomes there."""

import json
import re


class Fault(Exception):
    """A message that would be refused, or an entity that would be none."""


def fault(condition, text):
    if condition:
        raise Fault(text)


# --- Home Assistant: members of an entity, by platform
COMMON = {"availability", "availability_mode", "availability_template", "availability_topic",
          "default_entity_id", "device", "enabled_by_default", "encoding", "entity_category",
          "entity_picture", "icon", "json_attributes_template", "json_attributes_topic", "name",
          "origin", "payload_available", "payload_not_available", "qos", "unique_id"}
READS = {"state_topic", "value_template"}
WRITES = {"command_template", "command_topic", "optimistic", "retain"}

PLATFORMS = {
    "sensor": (READS | {"device_class", "expire_after", "force_update",
                        "last_reset_value_template", "options", "state_class",
                        "suggested_display_precision", "unit_of_measurement"}, {"state_topic"}),
    "binary_sensor": (READS | {"device_class", "expire_after", "force_update", "off_delay",
                               "payload_off", "payload_on"}, {"state_topic"}),
    "event": (READS | {"device_class", "event_types"}, {"state_topic", "event_types"}),
    "button": ({"command_template", "command_topic", "device_class", "payload_press", "retain"},
               {"command_topic"}),
    "switch": (READS | WRITES | {"device_class", "payload_off", "payload_on", "state_off",
                                 "state_on"}, {"command_topic"}),
    "number": (READS | WRITES | {"device_class", "max", "min", "mode", "payload_reset", "step",
                                 "unit_of_measurement"}, {"command_topic"}),
    "select": (READS | WRITES | {"options"}, {"command_topic", "options"}),
    "text": (READS | WRITES | {"max", "min", "mode", "pattern"}, {"command_topic"}),
}

DEVICE = {"configuration_url", "connections", "hw_version", "identifiers", "manufacturer",
          "model", "model_id", "name", "serial_number", "suggested_area", "sw_version",
          "via_device"}
ORIGIN = {"name", "support_url", "sw_version"}
AVAILABILITY = {"payload_available", "payload_not_available", "topic", "value_template"}
WHOLE = {"availability", "availability_mode", "availability_template", "availability_topic",
         "command_topic", "components", "device", "encoding", "origin", "payload_available",
         "payload_not_available", "qos", "state_topic"}

# --- classes of sensors: the units they may have (None: none), and their state classes
MEASUREMENT, TOTAL = {"measurement"}, {"total", "total_increasing"}
EVERY = MEASUREMENT | TOTAL
ENERGY = {"J", "kJ", "MJ", "GJ", "mWh", "Wh", "kWh", "MWh", "GWh", "TWh", "cal", "kcal", "Mcal",
          "Gcal"}
SENSORS = {
    "apparent_power": ({"mVA", "VA", "kVA"}, MEASUREMENT),
    "battery": ({"%"}, MEASUREMENT),
    "current": ({"A", "mA"}, MEASUREMENT),
    "date": ({None}, set()),
    "duration": ({"d", "h", "min", "s", "ms"}, EVERY),
    "energy": (ENERGY, TOTAL),
    "energy_storage": (ENERGY, MEASUREMENT),
    "enum": ({None}, set()),
    "frequency": ({"Hz", "kHz", "MHz", "GHz"}, MEASUREMENT),
    "humidity": ({"%"}, MEASUREMENT),
    "power": ({"mW", "W", "kW", "MW", "GW", "TW"}, MEASUREMENT),
    "power_factor": ({"%", None}, MEASUREMENT),
    "reactive_power": ({"var", "kvar"}, MEASUREMENT),
    "temperature": ({"°C", "°F", "K"}, MEASUREMENT),
    "timestamp": ({None}, set()),
    "voltage": ({"V", "mV", "kV", "MV"}, MEASUREMENT),
}
STATE_CLASSES = {"measurement", "measurement_angle", "total", "total_increasing"}
BINARY = {"battery", "battery_charging", "carbon_monoxide", "cold", "connectivity", "door",
          "garage_door", "gas", "heat", "light", "lock", "moisture", "motion", "moving",
          "occupancy", "opening", "plug", "power", "presence", "problem", "running", "safety",
          "smoke", "sound", "tamper", "update", "vibration", "window"}
CLASSES = {"binary_sensor": BINARY, "button": {"identify", "restart", "update"},
           "event": {"button", "doorbell", "motion"}, "switch": {"outlet", "switch"}}
# What holds no state that people could want to change may not be a setting.
NO_CONFIG = {"binary_sensor", "sensor"}

# PREFIX/component/[node/]id/config
TOPIC = re.compile(r"(?P<component>\w+)/(?:(?P<node>[a-zA-Z0-9_-]+)/)?"
                   r"(?P<id>[a-zA-Z0-9_-]+)/config")
STATE_MAX = 255
STEP_MIN = 0.001


def text(value, what, empty=False):
    fault(not isinstance(value, str) or not (value or empty), f"{what} is no text: {value!r}")


def topic_ok(topic, what):
    text(topic, what)
    fault(set("+#\0") & set(topic) or len(topic.encode()) > 65535, f"{what}: {topic}")


def members(o, allowed, what):
    fault(not isinstance(o, dict), f"{what} is no object")
    fault(set(o) - allowed, f"{what} has no {sorted(set(o) - allowed)}")


def check_device(device):
    members(device, DEVICE, "device")
    fault(not device.get("identifiers") and not device.get("connections"),
          "a device without identifiers")
    for one in device.get("identifiers", []):
        text(one, "identifier")
    for key in set(device) - {"identifiers", "connections"}:
        text(device[key], f"device.{key}")


def check_origin(origin):
    members(origin, ORIGIN, "origin")
    for key in origin:
        text(origin[key], f"origin.{key}")
    fault("name" not in origin, "an origin without name")


def check_availability(o):
    fault("availability" in o and "availability_topic" in o, "availability by two ways")
    fault(o.get("availability_mode", "latest") not in ("all", "any", "latest"),
          f"availability_mode {o.get('availability_mode')}")
    for one in o.get("availability", []):
        members(one, AVAILABILITY, "availability")
        topic_ok(one.get("topic"), "topic of availability")


def check_sensor(o):
    unit, kind, state_class = (o.get(key) for key in ("unit_of_measurement", "device_class",
                                                      "state_class"))
    fault(kind is not None and kind not in SENSORS, f"device_class {kind}")
    fault(state_class not in STATE_CLASSES | {None}, f"state_class {state_class}")
    if kind is not None:
        units, classes = SENSORS[kind]
        fault(unit not in units, f"unit {unit} of {kind}")
        fault(state_class is not None and state_class not in classes,
              f"state_class {state_class} of {kind}")
    if "options" in o:
        fault(kind != "enum", "options of what is no enum")
        fault(unit is not None or state_class is not None, "options of a number")
        fault(not o["options"] or len(set(o["options"])) < len(o["options"]), "options")
    fault(kind == "enum" and "options" not in o, "an enum without options")
    digits = o.get("suggested_display_precision")
    if digits is not None:
        fault(type(digits) is not int or digits < 0, f"precision {digits}")
        fault(unit is None, "precision of what is no number")


def check_number(o):
    low, high, step = o.get("min", 1), o.get("max", 100), o.get("step", 1)
    fault(not low < high, f"min {low}, max {high}")
    fault(step < STEP_MIN, f"step {step}")
    fault(o.get("mode", "auto") not in ("auto", "box", "slider"), f"mode {o.get('mode')}")


def check_text(o):
    fault(not 0 <= o.get("min", 0) <= o.get("max", STATE_MAX) <= STATE_MAX,
          f"min {o.get('min')}, max {o.get('max')}")


MORE = {"sensor": check_sensor, "number": check_number, "text": check_text}


def check_entity(platform, o):
    """One entity, with nothing around it."""
    fault(platform not in PLATFORMS, f"platform {platform}")
    allowed, needed = PLATFORMS[platform]
    members(o, allowed | COMMON, platform)
    fault(needed - set(o), f"{platform} without {sorted(needed - set(o))}")
    for key in o:
        if key.endswith("_topic"):
            topic_ok(o[key], key)
    text(o.get("name"), "name")
    text(o.get("unique_id"), "unique_id")
    check_availability(o)
    fault(o.get("qos", 0) not in (0, 1, 2), "qos")
    fault(o.get("enabled_by_default", True) not in (True, False), "enabled_by_default")
    category = o.get("entity_category")
    fault(category not in (None, "diagnostic", "config"), f"entity_category {category}")
    fault(category == "config" and platform in NO_CONFIG, f"a {platform} as a setting")
    fault("icon" in o and not re.fullmatch(r"mdi:[a-z0-9-]+", o["icon"]), "icon")
    if platform in CLASSES and "device_class" in o:
        fault(o["device_class"] not in CLASSES[platform], f"device_class {o['device_class']}")
    for key in "options", "event_types":
        for one in o.get(key, []):
            text(one, key, empty=True)
    fault(platform in ("event", "select") and not o.get("options", o.get("event_types")),
          f"a {platform} of nothing")
    MORE.get(platform, lambda _: None)(o)


def check(topic, payload, prefix="homeassistant"):
    """A message of discovery: [(platform, id, config with its device)]."""
    fault(not topic.startswith(prefix + "/"), f"{topic} is not below {prefix}")
    place = TOPIC.fullmatch(topic[len(prefix) + 1:])
    fault(not place, f"topic {topic}")
    o = json.loads(payload)
    if place["component"] != "device":
        check_entity(place["component"], o)
        fault("device" not in o, "no device")
        check_device(o["device"])
        check_origin(o["origin"])
        return [(place["component"], place["id"], o)]
    members(o, WHOLE, "device message")
    check_device(o["device"])
    check_origin(o["origin"])
    check_availability(o)
    found = []
    for name, one in o["components"].items():
        platform = one.pop("platform", None)
        fault(platform not in PLATFORMS, f"{name}: platform {platform}")
        if one:  # else it is taken back
            check_entity(platform, one)
            found.append((platform, name, {**one, "device": o["device"]}))
    ids = [(platform, one["unique_id"]) for platform, _, one in found]
    fault(len(set(ids)) < len(ids), "a unique_id twice")
    return found


def check_state(platform, o, value):
    """The state of an entity, as it stands at its topic."""
    if platform == "sensor":
        numeric = o.get("unit_of_measurement") or o.get("state_class") or \
            "suggested_display_precision" in o
        if numeric:
            float(value)
        fault("options" in o and value not in o["options"], f"{value} is no option")
        forms = {"date": r"\d{4}-\d\d-\d\d",
                 "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"}
        form = forms.get(o.get("device_class"))
        fault(form and not re.fullmatch(form, value), f"{o.get('device_class')} {value}")
        fault(len(value) > STATE_MAX, "a state too long")
    elif platform == "binary_sensor":
        fault(value not in (o.get("payload_on", "ON"), o.get("payload_off", "OFF")),
              f"{value} is neither on nor off")
    elif platform == "switch":
        fault(value not in (o.get("payload_on", "ON"), o.get("payload_off", "OFF"), "muted"),
              f"{value} is neither on nor off")
    elif platform == "number":
        fault(not o.get("min", 1) <= float(value) <= o.get("max", 100), f"{value} out of range")
    elif platform == "select":
        fault(value not in o["options"], f"{value} is no option")
    elif platform == "text":
        fault(len(value) > o.get("max", STATE_MAX), f"{value} is too long")


# --- Domoticz: the object ids that it throws away, or takes for something else
THROWN = {"update_available", "power_on_behavior", "power_outage_memory", "update_state",
          "over-load_status", "linkquality", "last_seen", "sensitivity", "color_temp_startup",
          "requested_brightness_level", "requested_brightness_percent", "hardware_status",
          "connection_state", "log_level", "restart"}
THROWN_PARTS = ("_address", "_ssid", "_signal_sensor")
THROWN_SENSORS = ("sensitivity", "alarm", "_calibration")
BATTERIES = {"battery", "battery_low", "battery_level"}
HIDDEN_SWITCHES = ("battery", "_status", "_unknown", "tamper")
COMPONENTS = {"binary_sensor", "button", "number", "select", "sensor", "switch", "text"}
UNITS = {"V": "Voltage", "A": "Current", "W": "Usage", "kWh": "kWh", "°C": "Temp",
         "%": "Percentage"}


def is_number(value):
    try:
        float(value)
    except ValueError:
        return False
    return True


def domoticz_sensor(o, name, value):
    unit = o.get("unit_of_measurement", "")
    if not unit:
        fault(is_number(value), f"{name}: a number ({value}) without a unit becomes one with ??")
        return "Text"
    if unit == "%" and any("humidity" in part for part in
                           (name, o["state_topic"], o["unique_id"], o.get("device_class", ""))):
        return "Humidity"
    # In front of % and all that has no type of its own.
    if "temperature" in o["state_topic"] and unit not in ("V", "A", "W", "kWh"):
        return "Temp"
    return UNITS.get(unit, f"Custom ({unit})")


def domoticz(topic, o, value, prefix="homeassistant"):
    """What an entity becomes; None: Domoticz does not look at it."""
    levels = topic[len(prefix) + 1:].split("/")
    component, name = levels[0], levels[-2]
    if component not in COMPONENTS:
        return None
    fault(len(levels) not in (3, 4), f"{topic}: levels")
    fault(name in THROWN or any(part in name for part in THROWN_PARTS), f"{name} is thrown away")
    fault("scene_state_scene" in name or name.startswith(("action", "click")),
          f"{name} is taken for a remote control")
    if component == "sensor":
        fault(any(part in name for part in THROWN_SENSORS), f"{name} is thrown away")
        fault(name.endswith(("_min", "_max")) or name.startswith(("min_", "max_")),
              f"{name} is thrown away")
        fault(name in BATTERIES, f"{name} is taken for the charge of a remote control")
        return domoticz_sensor(o, name, value)
    if component in ("binary_sensor", "switch", "button"):
        fault(any(part in name for part in HIDDEN_SWITCHES), f"{name} is hidden")
        fault("state_on" in o or "state_off" in o, f"{name}: only payload_on and _off are known")
        return "Push button" if component == "button" else "Switch"
    return {"number": "Number", "select": "Selector", "text": "Text"}[component]


def watts_of(energy, configs):
    """The sensor in W that Domoticz shows beside one in kWh: of those of its device the first
    whose unique id is like that of it for longest."""
    best, likeness = None, 0
    for o in sorted(configs, key=lambda one: one["unique_id"]):
        if o.get("unit_of_measurement") in ("W", "kW"):
            alike = 1
            for a, b in zip(energy["unique_id"][1:], o["unique_id"][1:]):
                if a != b:
                    break
                alike += 1
            else:
                continue
            if alike > likeness:
                best, likeness = o, alike
    return best
