"""The people and chats of the demo: two reporters, a moderator channel, two moderators and an admin."""

from dataclasses import dataclass

from bot.simulator.people import Person
from bot.simulator.simulator import Simulator
from bot.simulator.state import Chat


@dataclass(slots=True, frozen=True)
class Stage:
    """Who and what `demo_stage` has set up; ids for the settings are `.channel.id` and `.admin.user.id`."""

    sari: Person
    budi: Person
    dewi: Person
    """Moderator, owner of the channel."""
    agus: Person
    """Moderator, administrator of the channel."""
    admin: Person
    channel: Chat


def demo_stage(simulator: Simulator) -> Stage:
    """Two reporters who have not started yet, a private channel with the bot as administrator, an admin who has."""
    sari = simulator.person(501_000_001, "Sari", username="sari_w", language_code="id", phone="+6281200000001")
    budi = simulator.person(501_000_002, "Budi", last_name="Santoso", language_code="id", phone="+6281200000002")
    dewi = simulator.person(502_000_001, "Dewi", username="dewi_mod", language_code="id")
    agus = simulator.person(502_000_002, "Agus", username="agus_mod", language_code="id")
    admin = simulator.person(503_000_001, "Ratna", username="ratna_admin", language_code="id")
    channel = simulator.channel("Meja Moderator", dewi, agus, admin)
    dewi.promotes(channel, agus.user, can_post_messages=True, can_delete_messages=True)
    dewi.adds_bot(channel, can_post_messages=True, can_edit_messages=True, can_delete_messages=True)
    admin.starts()
    simulator.pane("sari", "Sari", sari.chat, sari)
    simulator.pane("budi", "Budi", budi.chat, budi)
    simulator.pane("moderator", channel.title, channel, dewi, agus, admin)
    simulator.pane("dewi", "Dewi", dewi.chat, dewi, later=True)
    simulator.pane("agus", "Agus", agus.chat, agus, later=True)
    simulator.pane("admin", "Ratna (admin)", admin.chat, admin)
    return Stage(sari, budi, dewi, agus, admin, channel)
