"""getUpdates, and as much of webhooks as a polling bot meets; logOut and close."""

from bot.simulator.errors import bad_request, conflict
from bot.simulator.state import Json
from bot.simulator.world import World

LONGEST_POLL = 50
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


async def get_updates(world: World, parameters: Json) -> list[Json]:
    if world.webhook:
        raise conflict(WEBHOOK_ACTIVE)
    world.updates.allow(parameters.get("allowed_updates"))
    limit = min(max(parameters.get("limit", 100), 1), 100)
    timeout = min(max(parameters.get("timeout", 0), 0), LONGEST_POLL)
    return await world.updates.get(parameters.get("offset", 0), limit, timeout)


def set_webhook(world: World, parameters: Json) -> bool:
    """Notes the address and ends polling; nothing is ever delivered to it."""
    url = parameters["url"]
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    world.updates.allow(parameters.get("allowed_updates"))
    world.webhook = url
    if url:
        world.updates.end_poll(conflict("terminated by setWebhook request"))
    return _dropped(world, parameters)


def delete_webhook(world: World, parameters: Json) -> bool:
    world.webhook = ""
    return _dropped(world, parameters)


def get_webhook_info(world: World, _: Json) -> Json:
    pending = len(world.updates)
    return {"url": world.webhook, "has_custom_certificate": False, "pending_update_count": pending}


def done(_world: World, _: Json) -> bool:
    return True


def _dropped(world: World, parameters: Json) -> bool:
    if parameters.get("drop_pending_updates"):
        world.updates.clear()
    return True


METHODS = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "logOut": done,
    "close": done,
}
