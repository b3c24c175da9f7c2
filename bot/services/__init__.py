"""Where the conversation meets the storage: for each event all or nothing, and only then is anything said.

The rule of this room: seen before? → load → advance → keep → commit → speak. It decides nothing that the
conversation decides, holds no SQL, and knows no platform: who speaks and fetches is handed in (`ports`).
"""
