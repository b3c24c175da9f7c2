"""What people whose every trace is recognisable do with the bot: a reporter, and the moderator of their tip."""

from collections import deque
from dataclasses import dataclass

from bot.simulator import Message, Person
from prove.stage import (
    PATIENCE,
    Phone,
    Scene,
    data_of,
    does,
    number_of,
    picture,
    picture_with_traces,
    taps,
    to_the_evidence,
    types,
)

ACCUSED = "Kepala Dinas Zulkarnaen Paripurna"
PLACE = "Gedung Serbaguna Wanaherang"
WITNESSED = "Beliau membagikan amplop bertuliskan Rajawali Emas di ruang arsip."
QUESTION = "Di dekat pintu Cendrawasih atau bukan?"
ANSWER = "Ya, di samping pintu Cendrawasih."
NOTE = "Sudah dicocokkan dengan denah Ternateraya."
CONTENT = (ACCUSED, PLACE, WITNESSED, "Rajawali Emas", "Cendrawasih", "Ternateraya")
RECENT = 500
"""Posts: more than all who are at work together bring while one of them waits."""
SIDE = 200
"""Pixels of a picture: what is in it does not matter here, and a thousand reporters send three each."""


@dataclass(frozen=True)
class Canary:
    """Somebody whose every trace is recognisable."""

    id: int
    first: str
    last: str
    username: str
    phone: str
    file: str
    camera: str

    def words(self) -> list[str]:
        return [str(self.id), self.first, self.last, self.username, self.phone, self.file, self.camera]

    def joins(self, scene: Scene) -> Person:
        return scene.simulator.person(
            self.id, self.first, last_name=self.last, username=self.username, phone=self.phone, language_code="id"
        )


class Board:
    """The newest posts of the channel: whoever waits for one does not look through all that ever stood there."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._recent: deque[Message] = deque(maxlen=RECENT)
        scene.simulator.world.watchers.add(self._saw)

    def _saw(self, kind: str, subject: object) -> None:
        if kind == "sent" and isinstance(subject, Message) and subject.chat is self._scene.stage.channel:
            self._recent.append(subject)

    async def post(self, *words: str, of: str = "") -> Message:
        """The newest post with all these words, once it is there; `of` a tip by its number."""

        def found() -> Message | None:
            theirs = (post for post in reversed(self._recent) if post.text.startswith(of))
            return next((post for post in theirs if all(one in post.text for one in words)), None)

        return await self._scene.simulator.settled(found, PATIENCE)


@dataclass
class Reporter:
    """A canary who tells, and later answers, in one of the two ways there are: in the chat, or with the code."""

    scene: Scene
    canary: Canary
    contact: str
    mark: str
    """Stands in the story, so that the tip is known in the channel."""

    def __post_init__(self) -> None:
        self.phone = Phone(self.scene.simulator, self.canary.joins(self.scene))
        self.receipt = ""

    async def tells(self) -> None:
        """What a person can do: forwards, contacts, stickers, edits, files with names, failures, a whole tip."""
        canary, phone, person = self.canary, self.phone, self.phone.person
        await does(phone, [types("/start"), types("/privasi"), taps("agree-id"), taps("PNS"), types(ACCUSED)])
        typed = person.chat.messages[-1]
        person.edits(typed, f"{ACCUSED} {canary.first}")
        person.types("teruskan", forwarded_from=person)
        person.types("teruskan", forwarded_from=f"{canary.first} {canary.last}")
        person.sends_contact(canary.phone, canary.first)
        person.sends_location(-5.67, 119.74)
        person.sends("sticker", picture(64, form="WEBP"))
        person.sends_poll("Siapa?", [canary.first, canary.last])
        person.types(f"/bantuan {canary.username}")
        await does(phone, to_the_evidence(place=PLACE, story=f"{WITNESSED} {self.mark}")[4:])
        self.scene.simulator.faults.add("lost_response", "sendMessage", chat=canary.id)
        self.scene.simulator.faults.add("bad_gateway", "getFile")
        person.sends_photo(picture(SIDE))
        await phone.sees("1 bukti tersimpan")
        person.sends_document(self._picture(), f"{canary.file}.jpg")
        await phone.sees("2 bukti tersimpan")
        person.sends_document(b"\0bukan gambar" + canary.camera.encode(), f"{canary.file}.xyz")
        await phone.sees("belum bisa")
        await does(phone, [taps("next"), taps(self.contact), taps("send")])
        self.receipt = await phone.receipt()

    async def answers(self) -> None:
        """Answer what was asked, with words and a picture whose name and metadata tell everything."""
        phone, person = self.phone, self.phone.person
        if self.contact == "here":
            question = await phone.sees(QUESTION)
            await phone.arrives(lambda: person.taps(question, data=question.keyboard[0][0]["callback_data"]))
        else:
            await types(f"/status {self.receipt}")(phone)
            await phone.sees(QUESTION)
            await taps("reply")(phone)
        sent = person.sends_document(self._picture(), f"{self.canary.file}.jpg")
        await phone.waits(lambda: any("Dihapus dari berkas" in one.text for one in phone.told if one.id > sent.id))
        await does(phone, [types(ANSWER), taps("confirm")])

    async def withdraws(self) -> None:
        self.phone.person.types(f"/hapus {self.receipt}")
        await self.phone.sees("sudah dihapus")

    def _picture(self) -> bytes:
        return picture_with_traces(self.canary.camera, self.canary.first, side=SIDE)


@dataclass
class Desk:
    """Moderators, who are canaries too: one works tips, the other is the second person of a hand-over."""

    scene: Scene
    board: Board
    canary: Canary

    def __post_init__(self) -> None:
        stage = self.scene.stage
        self.person = self.canary.joins(self.scene)
        stage.dewi.promotes(stage.channel, self.person.user, can_post_messages=True)
        self.own = Phone(self.scene.simulator, self.person)

    async def works(self, reporter: Reporter) -> Message:
        """All that moderators do with a tip, its reporter's answer in between; its card, which then is "forwarded"."""
        told = await self.board.post(reporter.mark)
        number = number_of(told)
        card = await self.board.post("Kelengkapan", of=number)
        await self.presses(card, "take")
        await self._writes(card, "note", NOTE)
        await self._writes(card, "ask", QUESTION)
        await reporter.answers()
        await self.board.post(ANSWER, of=number)
        for code in ("check", "history-0", "menu"):
            await self.presses(card, code)
        await does(self.own, [types(f"/tip {number}"), types("/antrean")])
        await self._hands_over(number)
        await self.scene.waits(lambda: "Diteruskan" in card.text)
        return card

    async def presses(self, card: Message, code: str) -> str:
        """Press a button of a card; the address that Telegram was told to open for it."""
        return await self._pressed(card, f"+|{number_of(card)}|{code}")

    async def _pressed(self, message: Message, data: str) -> str:
        answer = await self.person.taps(message, data=data).answered(PATIENCE)
        return str(answer.get("url", ""))

    async def _writes(self, card: Message, code: str, words: str) -> None:
        """Press what needs words, follow the link into one's own chat, and write them there."""
        _, _, start = (await self.presses(card, code)).partition("?start=")
        await self.own.arrives(lambda: self.person.starts(start))
        await does(self.own, [types(words), taps("confirm")])

    async def _hands_over(self, number: str) -> None:
        """One asks in private, another confirms in the channel; who asked gets the file."""
        await self.own.types(f"/serahkan {number}")
        screen = await self.own.offering("to0", number)
        await self.own.arrives(lambda: self.person.taps(screen, data=data_of(screen, "to0")))
        asked, second = await self.board.post("Orang kedua", number), self.scene.stage.agus
        await second.taps(asked, data=data_of(asked, "cut")).answered(PATIENCE)
        await self.own.waits(lambda: any(_name(message) == f"{number}.zip" for message in self.own.told))


def _name(message: Message) -> str:
    return str(message.api.get("document", {}).get("file_name", ""))


async def looks_at_figures(scene: Scene) -> None:
    """An admin reads every figure there is in a chat, as a table and as a picture."""
    await scene.admin.types("/statistik")
    table = await scene.admin.sees("Ringkasan")
    await scene.admin.arrives(lambda: scene.admin.person.taps(table, data=data_of(table, "chart")))
    await scene.admin.waits(lambda: any(message.kind == "photo" for message in scene.admin.told))
