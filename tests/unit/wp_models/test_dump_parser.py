import io

import pytest

from wp_models.errors import DumpDamagedError
from wp_models.sources import dump_parser
from wp_models.sources.dump_parser import DumpParser, InsertRows
from wp_models.sources.dump_tables import CreateTable, UseDatabase

CREATE = """CREATE TABLE `wp_t` (
  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT COMMENT 'a, (b) it''s',
  `body` longtext COLLATE utf8mb4_unicode_ci DEFAULT NULL,
  `raw` longblob,
  PRIMARY KEY (`id`),
  KEY `body` (`body`(10),`id`)
) ENGINE=InnoDB AUTO_INCREMENT=3 DEFAULT CHARSET=utf8mb4 /*!50100 PARTITION BY HASH (id) */;
"""


def statements(sql: str | bytes) -> list[CreateTable | InsertRows | UseDatabase]:
    raw = sql if isinstance(sql, bytes) else sql.encode()
    return list(DumpParser(io.BytesIO(raw), "x.sql").statements())


def rows(sql: str | bytes) -> list[tuple[object, ...]]:
    return [row for part in statements(sql) if isinstance(part, InsertRows) for row in part.rows]


def test_columns_come_with_their_kinds_and_keys_are_passed_over() -> None:
    (table,) = statements(CREATE)
    assert isinstance(table, CreateTable)
    assert [(column.name, column.affinity) for column in table.columns] == [
        ("id", "INTEGER"), ("body", "TEXT"), ("raw", "BLOB"),
    ]  # fmt: skip


def test_what_follows_the_columns_is_no_column() -> None:
    sql = "CREATE TABLE x (`a` int, `b)` text) COMMENT='c)' PARTITION BY RANGE (a)"
    (table,) = statements(sql + " (PARTITION p VALUES LESS THAN (9), PARTITION q VALUES LESS THAN (99));")
    assert isinstance(table, CreateTable)
    assert [column.name for column in table.columns] == ["a", "b)"]


@pytest.mark.parametrize(
    "insert",
    [
        "INSERT INTO `wp_t` VALUES (1,'a','b'),(2,NULL,NULL);",
        "INSERT INTO wp_t VALUES\n(1, 'a', 'b'),\n(2, null, NULL) ;",
        "INSERT INTO `wp_t` (`id`, `body`, `raw`) VALUES (1,'a',0x62); INSERT INTO `wp_t` VALUES (2,NULL,NULL);",
        "INSERT IGNORE INTO `db`.`wp_t` (`raw`,`id`,`body`) VALUES (_binary 'b',1,_utf8mb4'a'),(NULL,2,NULL);",
        "REPLACE INTO wp_t VALUES (1,X'61',x'62');REPLACE wp_t VALUES (2,DEFAULT,DEFAULT);",
        "insert low_priority into `wp_t` values ('1',\"a\",b'01100010'),(2,NULL,NULL) ON DUPLICATE KEY UPDATE `id`=1;",
    ],
)
def test_every_form_of_insert_gives_the_same_rows(insert: str) -> None:
    by_name = [
        dict(zip(part.columns, row, strict=True))
        for part in statements(CREATE + insert)
        if isinstance(part, InsertRows)
        for row in part.rows
    ]
    assert by_name == [{"id": 1, "body": "a", "raw": b"b"}, {"id": 2, "body": None, "raw": None}]


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (r"'a\'b\"c\\d\ne\rf\tg\0h\Zi'", "a'b\"c\\d\ne\rf\tg\0h\x1ai"),
        (r"'\%\_\x'", r"\%\_x"),
        (r"'\\n'", r"\n"),
        ("'it''s'", "it's"),
        (r"'\''''", "''"),
        ("''", ""),
        ("'); DROP TABLE x; -- '", "); DROP TABLE x; -- "),
        ("'/* # -- */'", "/* # -- */"),
        ("'😀 é\u2028'", "😀 é\u2028"),
        ("_latin1'abc'", "abc"),
        ("N'abc'", "abc"),
        ("12.50", "12.50"),
    ],
)
def test_text_literals(literal: str, value: str) -> None:
    assert rows(f"{CREATE}INSERT INTO wp_t VALUES (1,{literal},NULL);") == [(1, value, None)]


def test_binary_bytes_come_through_as_they_are() -> None:
    escaped = bytes(range(256)).replace(b"\\", b"\\\\").replace(b"'", b"\\'").replace(b"\0", b"\\0")
    dump = CREATE.encode() + b"INSERT INTO wp_t VALUES (1,NULL,_binary '" + escaped + b"');"
    assert rows(dump) == [(1, None, bytes(range(256)))]


def test_a_number_beyond_sqlite_stays_readable() -> None:
    assert rows(CREATE + "INSERT INTO wp_t VALUES (18446744073709551615,'',NULL);") == [
        ("18446744073709551615", "", None)
    ]


def test_texts_are_read_in_the_charset_that_the_dump_names() -> None:
    dump = (
        b"/*!40101 SET NAMES latin1 */;\n" + CREATE.encode() + b"INSERT INTO wp_t VALUES (1,'caf\xe9 \x80\x81',NULL);"
    )
    assert rows(dump) == [(1, "café €\x81", None)]


def test_bytes_that_are_no_utf8_become_replacement_characters() -> None:
    assert rows(CREATE.encode() + b"INSERT INTO wp_t VALUES (1,'a\xffb',NULL);") == [(1, "a\ufffdb", None)]


def test_what_is_no_table_and_no_row_is_passed_over() -> None:
    dump = (
        "\ufeffmysqldump: [Warning] Using a password can't be safe.\n/*M!999999\\- enable the sandbox mode */ \n"
        "-- a comment with a ' quote\n# another one; too\n\n/* and\n a ' third */\n"
        "DROP TABLE IF EXISTS `wp_t`;\nSET @x = 'a;b', @y = \"c';d\";\n" + CREATE + "LOCK TABLES `wp_t` WRITE;\n"
        "/*!40000 ALTER TABLE `wp_t` DISABLE KEYS */;\n"
        "DELIMITER ;;\n/*!50003 CREATE*/ /*!50003 TRIGGER x BEFORE INSERT ON wp_t FOR EACH ROW BEGIN\n"
        "INSERT INTO wp_t VALUES (9,'no',NULL); END */;;\nDELIMITER ;\n"
        "INSERT INTO `wp_t` VALUES (1,'yes',NULL);ALTER TABLE `wp_t` ADD KEY `a;b` (`id`);\n"
        "/*!50001 CREATE VIEW `v` AS SELECT ';' AS `x` */;\nCREATE TABLE copy LIKE wp_t;\nCOMMIT"
    )
    assert rows(dump) == [(1, "yes", None)]
    assert [part.name for part in statements(dump) if isinstance(part, CreateTable)] == ["wp_t"]


def test_values_of_generated_columns_are_not_in_the_dump() -> None:
    generated = "b int GENERATED ALWAYS AS (`a` + 1) VIRTUAL, c int AS (a) STORED"
    create = f"CREATE TABLE g (a int, {generated}, d text DEFAULT 'AS (');\n"
    (_, inserted) = statements(create + "INSERT INTO g VALUES (1,'x');")
    assert isinstance(inserted, InsertRows)
    assert (inserted.columns, inserted.rows) == (("a", "d"), [(1, "x")])


def test_portions_do_not_change_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    values = ",".join(f"({n},'{'x' * (n % 40)}\\'é{n}',0x{n:04x})" for n in range(1, 400))
    dump = CREATE + f"INSERT INTO wp_t VALUES {values};\n-- the end"
    whole = rows(dump)
    assert len(whole) == 399
    monkeypatch.setattr(dump_parser, "PORTION_BYTES", 100)
    monkeypatch.setattr(dump_parser, "HEADER_BYTES", 64)
    for size in (1, 7, 64, 1000):
        monkeypatch.setattr(dump_parser, "READ_BYTES", size)
        assert rows(dump) == whole


FINISHED = (
    f"-- MySQL dump 10.13  Distrib 8.0.40\n{CREATE}"
    "INSERT INTO wp_t VALUES (1,'a',NULL),(2,'b',NULL);\n-- Dump completed\n"
)


def test_a_dump_with_its_last_line_is_complete() -> None:
    assert len(rows(FINISHED)) == 2


@pytest.mark.parametrize("length", range(40, len(FINISHED) - len("-- Dump completed\n")))
def test_a_dump_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises(DumpDamagedError, match="Make the dump again"):
        statements(FINISHED[:length])


def test_a_phpmyadmin_export_without_its_commit_is_refused() -> None:
    export = f"-- phpMyAdmin SQL Dump\nSTART TRANSACTION;\n{CREATE}INSERT INTO wp_t (`id`) VALUES\n(1),\n(2);\n"
    with pytest.raises(DumpDamagedError, match="COMMIT"):
        statements(export)
    assert rows(export + "COMMIT;\n/*!40101 SET x */;\n") == [(1,), (2,)]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("INSERT INTO wp_t VALUES (1,'a',NULL);", "no CREATE TABLE before"),
        (CREATE + "INSERT INTO wp_t VALUES (1,'a');", "2 values for 3 columns"),
        (CREATE + "INSERT INTO wp_t (id, nope) VALUES (1,'a');", "unknown column 'nope'"),
        (CREATE + "INSERT INTO wp_t VALUES (1,'a',NULL) (2,'b',NULL);", "cannot be understood"),
        (CREATE + "INSERT INTO wp_t VALUES (1,'a',NULL),(2,NOW(),NULL);", "cannot be understood"),
        (CREATE + "INSERT INTO wp_t VALUES (1,'a',0xZZ);", "cannot be understood"),
        (CREATE + "INSERT INTO wp_t SELECT * FROM x;", "without a list of VALUES"),
        ("SET NAMES gbk;", "charset gbk"),
        ("SELECT 'open;", "ends within a statement"),
        ("/* open", "ends within a comment"),
        ("DELIMITER ;;\nCREATE TRIGGER x", "within a trigger"),
        ("-- MySQL dump 10\n-- MySQL dump 10\n-- Dump completed", "did not finish"),
    ],
)
def test_what_cannot_be_read_is_named(sql: str, reason: str) -> None:
    with pytest.raises(DumpDamagedError, match=reason):
        statements(sql)


def test_a_malformed_row_is_found_without_reading_the_rest() -> None:
    class Endless(io.RawIOBase):
        sent = 0

        def read(self, size: int = -1) -> bytes:
            self.sent += 1
            if self.sent == 1:
                return (CREATE + "INSERT INTO wp_t VALUES (1,'a',oops oops),").encode()
            assert self.sent < 10, "the parser reads on and on"
            return b"(1,'a',NULL)," * 10_000

    with pytest.raises(DumpDamagedError, match="cannot be understood"):
        list(DumpParser(Endless(), "x.sql").statements())  # type: ignore[arg-type]  # read() is all it needs


def test_what_a_table_was_on_its_server_is_kept() -> None:
    (table,) = statements(
        "CREATE TABLE `g` (`a` int COMMENT 'ENGINE=x, PRIMARY KEY') ENGINE=MyISAM DEFAULT CHARSET=latin1 COMMENT='y';"
    )
    assert isinstance(table, CreateTable)
    assert (table.engine, table.charset, table.has_primary_key) == ("MyISAM", "latin1", False)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE `g` (`a` int, PRIMARY KEY (`a`));",
        "CREATE TABLE `g` (`a` int PRIMARY KEY);",
        "CREATE TABLE `g` (`a` int);\nALTER TABLE `g`\n  ADD PRIMARY KEY (`a`);",
    ],
)
def test_a_primary_key_is_noted_wherever_it_is_defined(sql: str) -> None:
    parser = DumpParser(io.BytesIO(sql.encode()), "test.sql")
    assert [statement.name for statement in parser.statements() if isinstance(statement, CreateTable)] == ["g"]
    assert parser.keyed == {"g"}


@pytest.mark.parametrize(
    "sql",
    [
        "/*!50001 CREATE VIEW `v` AS SELECT\n 1 AS `a` */;",
        "/*!50001 CREATE */\n/*!50013 DEFINER=`u`@`h` SQL SECURITY DEFINER */\n/*!50001 VIEW `v` AS select 1 */;",
        "CREATE ALGORITHM=UNDEFINED DEFINER=`u`@`h` SQL SECURITY DEFINER VIEW `v` AS SELECT 1;",
    ],
)
def test_views_are_noted_and_are_no_tables(sql: str) -> None:
    parser = DumpParser(io.BytesIO(sql.encode()), "test.sql")
    assert list(parser.statements()) == []
    assert parser.views == {"v"}
