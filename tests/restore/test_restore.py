"""Runs infra/restore-table on two tables with the items of a whole stack.

    .ci/with-moto 4592 .tools/moto/bin/python -m unittest discover tests/restore
"""

import json
import pathlib
import subprocess
import sys
import unittest
import uuid

import boto3

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND = ROOT / "infra" / "restore-table"
# Items of every kind, written by the functions.
ITEMS = [json.loads(line) for line in (ROOT / "tests" / "upgrade" / "table.jsonl").read_text().splitlines()]


def name_of(item):
    return item["pk"]["S"], item["sk"]["S"]


class Restore(unittest.TestCase):
    def setUp(self):
        self.client = boto3.client("dynamodb")

    def table(self, items):
        name = f"table-{uuid.uuid4()}"
        self.client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": it, "AttributeType": "S"} for it in ("pk", "sk")],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
        )
        for item in items:
            self.client.put_item(TableName=name, Item=item)
        return name

    def items(self, table):
        pages = self.client.get_paginator("scan").paginate(TableName=table)
        return {name_of(item): item for page in pages for item in page["Items"]}

    def restore(self, restored, table, *options):
        command = [sys.executable, COMMAND, restored, table, *options]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def by_name(self, *without):
        return {name_of(item): item for item in ITEMS if name_of(item) not in without}

    def one(self, sort, condition=lambda item: True):
        return next(it for it in ITEMS if it["sk"]["S"].startswith(sort) and condition(it))

    def is_not_erased(self, item):
        return not any("erased_at" in it and it["pk"] == item["pk"] for it in ITEMS)

    def cooldowns(self):
        return {name for name in self.by_name() if "#VISITOR#" in name[0] and name[1] == "ASK"}

    def test_deleted_items_are_restored_and_newer_ones_are_not_changed(self):
        restored = self.table(ITEMS)
        entry = self.one("ENTRY#")
        current = self.by_name(name_of(entry))
        newer = self.one("CONVERSATION", lambda it: "channel" in it) | {"status": {"S": "resolved"}}
        current[name_of(newer)] = newer
        added = {"pk": {"S": "main#new"}, "sk": {"S": "CONVERSATION"}}
        current[name_of(added)] = added
        table = self.table(current.values())

        self.assertIn("1 items written, 0 deleted", self.restore(restored, table))
        self.assertEqual(self.items(table), current | {name_of(entry): entry})
        self.assertIn("0 items written, 0 deleted", self.restore(restored, table))

    def test_counts_that_were_rolled_up_after_the_restore_point_are_not_added_again(self):
        restored = self.table(ITEMS)
        moved = self.one("", lambda it: "#SATISFACTION#" in it["pk"]["S"] and it["pk"]["S"][-2:].isdigit())
        current = self.by_name(name_of(moved))
        table = self.table(current.values())
        self.restore(restored, table)
        self.assertEqual(self.items(table), current)

    def test_a_replaced_table_has_the_items_of_the_restored_one(self):
        restored = self.table(ITEMS)
        changed = self.by_name(name_of(self.one("ENTRY#")))
        newer = self.one("REQUEST#", self.is_not_erased) | {"rated_score": {"N": "1"}}
        changed[name_of(newer)] = newer
        added = [{"pk": {"S": "main#new"}, "sk": {"S": f"ENTRY#{at}"}} for at in range(150)]
        table = self.table([*changed.values(), *added])

        self.assertIn("2 items written, 150 deleted", self.restore(restored, table, "--replace"))
        self.assertEqual(self.items(table), self.by_name())
        self.assertIn("0 items written, 0 deleted", self.restore(restored, table, "--replace"))

    def test_a_conversation_that_was_erased_after_the_restore_point_stays_erased(self):
        restored = self.table(ITEMS)
        links = [it for it in ITEMS if "#VISITOR#" in it["pk"]["S"] and it["sk"]["S"] != "ASK"]
        link = links[0]
        organisation = link["pk"]["S"].split("#")[0]
        partition = f"{organisation}#{link['conversation_id']['S']}"
        tombstone = {
            "pk": {"S": partition},
            "sk": {"S": "CONVERSATION"},
            "erased_at": {"S": "2040-01-06T00:00:00.000Z"},
        }
        of_it = {name for name in self.by_name() if name[0] == partition}
        linked = {name_of(it) for it in links if it["conversation_id"] == link["conversation_id"]}
        expected = self.by_name(*of_it, *linked, *self.cooldowns())
        expected[name_of(tombstone)] = tombstone
        self.assertGreater(len(of_it), 1)
        for options in [], ["--replace"]:
            table = self.table([tombstone])
            self.restore(restored, table, *options)
            found = self.items(table)
            copied = {
                name: item
                for name, item in expected.items()
                if options or "#SATISFACTION#" not in name[0]
            }
            self.assertEqual(found, copied)


if __name__ == "__main__":
    unittest.main()
