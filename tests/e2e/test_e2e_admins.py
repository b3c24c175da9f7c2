"""What admins are told and may do beside the moderators: a hold by two of them, and the weekly new master key."""

from datetime import timedelta

from prove.stage import NUMBER, Phone, sends_tip
from storage import archive_key, keyring

HELD, ENDED = "berlaku, tidak dihapus", "tidak berlaku"


async def test_two_admins_hold_a_tip_and_let_it_go_by_command(scene):
    """The second admin's word makes it so, both ways; each reads who asked and why; the card says how it stands."""
    deputy = Phone(scene.simulator, scene.stage.dewi)
    admins = f"{scene.stage.admin.user.id},{deputy.person.user.id}"
    async with scene.bot(BISIK_ADMIN_IDS=admins):
        scene.admin.person.starts()
        deputy.person.starts()
        await sends_tip(scene.sari)
        await scene.delivered()
        number = NUMBER.search(scene.cards()[-1].text)[0]
        await scene.admin.types(f"/tahan {number} diminta pengadilan")
        asked = await deputy.sees("diminta pengadilan")
        waits = asked.text
        await deputy.types(f"/hold {number} setuju")
        await scene.admin.sees(HELD)
        await scene.waits(lambda: HELD in scene.cards()[-1].text)
        await scene.admin.types(f"/lepas {number} perkara selesai")
        await scene.waits(lambda: "Pencabutan" in scene.cards()[-1].text)
        await deputy.types(f"/lepas {number} ya")
        await scene.waits(lambda: "Penahanan" not in scene.cards()[-1].text)

    assert ENDED in waits


async def test_the_running_bot_replaces_its_master_key_by_itself(scene):
    """With an archive and a key of more than a week, admins read that it is done, and reporters notice nothing."""
    private, public, ring = (scene.folder / name for name in ("private.key", "public.key", "keyring.json"))
    archive_key.create(private, public)
    before = keyring.load(ring)
    scene.clock.now = scene.clock.now.replace(hour=5) + timedelta(days=8)
    async with scene.bot(BISIK_ARCHIVE_PUBLIC_KEY=str(public)):
        scene.admin.person.starts()
        await scene.admin.sees("Kunci utama sudah diganti")
        receipt = await sends_tip(scene.sari)
        [key] = keyring.load(ring).keys

    assert (scene.clock.now.date(), False) == (key.made, key in before.keys)
    assert receipt
