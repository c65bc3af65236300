"""Words of each language that is fuzzed."""

XML = (b"<a>", b"</a>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"&#0;",
       b"&#x110000;", b"xmlns='urn:x'", b"<item>", b"</item>", b"<entry>", b"<guid>", b"<pubDate>")  # fmt: skip
CSV = (b'""', b",,,", b";;", b"\t\t", b'"\n', b"\r\n", b"sep=;")
JSON = (b"null", b"true", b"1e999", b'{"a":', b"[[[[", b"]]", b'"\\ud800"', b'"\\u0000"', b"items", b"-0")
QUERY = (b" AND ", b" OR ", b" NOT ", b" NEAR/3 ", b" ONEAR/99 ", b" SAME SENTENCE ", b"title:", b"@buy", b"@weapon", b"@amount",
         b"ATLEAST/2(", b'"', b"tank*", b"li?ence", b"*", b"=US", b"-", b"@country:TR", b"#", b"...")  # fmt: skip
TOML = (
    b"[rule.a]\n",
    b"when = ",
    b"yes = []\n",
    b"'''",
    b'"""',
    b"= true\n",
    b"[[x]]\n",
    b"\n[a.b.c]\n",
    b"1979-05-27",
    b"inf",
    *QUERY,
)
HTML = (*XML, b"<link rel=alternate type=application/rss+xml href=", b"<meta http-equiv=refresh content='0;url=", b"<ul><li><a href=x>",
        b"<script>", b"<style>", b"<template>", b"<svg>", b"<table>", b"<base href=//>")  # fmt: skip
WEB = (b"%00", b"%ff", b"&&", b"id=", b"act=", b"next=//evil.example", b"--b\r\n", b"\r\nContent-Disposition: form-data; name=a\r\n\r\n",
       b"since=99999999999d", b"page=-1", b"before=x", b"q=title:(", b"version=999999999")  # fmt: skip
