-- What 0.1.0 left behind (schema version 1), dumped: three people, a trail, log-ins, a draft of Alice's, a mailed
-- URL that is alive, a mail that waits. Its secret is that of tests/support/product.py.
BEGIN TRANSACTION;
CREATE TABLE accounts (                            -- 利用者: one person or company
    id TEXT PRIMARY KEY,                           -- sensitive: no
    payment_user_id TEXT NOT NULL UNIQUE,          -- sensitive: no   納付利用者ID
    bulk_user_id TEXT NOT NULL UNIQUE,             -- sensitive: no   一括利用者ID
    kind TEXT NOT NULL CHECK (kind IN ('individual', 'corporate')), -- sensitive: no
    name TEXT NOT NULL,                            -- sensitive: yes  会社・団体名 or 氏名
    name_kana TEXT NOT NULL,                       -- sensitive: yes  its フリガナ
    representative TEXT NOT NULL,                  -- sensitive: yes  代表者名; '' for a person
    admin_email TEXT NOT NULL,                     -- sensitive: yes  利用者管理用メールアドレス
    notice_email TEXT NOT NULL,                    -- sensitive: yes  申請状況通知用; '' for none
    profile_version INTEGER NOT NULL DEFAULT 1,    -- sensitive: no   raised by profile changes only
    profile_updated_at INTEGER NOT NULL,           -- sensitive: no   利用者情報更新日時
    created_at INTEGER NOT NULL,                   -- sensitive: no
    disabled_at INTEGER                            -- sensitive: no   set: no log-in, no reset mail
) STRICT;
INSERT INTO "accounts" VALUES('e6a9a5897d3ffe2e341d28e2e0aa0e63','KNCA6288','KICA6288','corporate','軽自行政書士事務所','ケイジギョウセイショシジムショ','軽自　次郎','k-oss@example.jp','',2,1789948800,1789948800,NULL);
INSERT INTO "accounts" VALUES('eae1d54ca54b8ebd3cf2935164454ecb','KNCA6289','KICA6289','individual','軽自　花子','ケイジ　ハナコ','','hanako@example.jp','',1,1789948800,1789948800,NULL);
INSERT INTO "accounts" VALUES('fdd76f1828f5b4ced94cf5c01cc9294f','KNCA7001','KICA7001','corporate','茶理自動車','チャーリージドウシャ','茶理　次郎','charlie@example.jp','',1,1789948800,1789948800,NULL);
CREATE TABLE audit (                               -- who did what when; each row seals the one before
    seq INTEGER PRIMARY KEY,                       -- sensitive: no   1, 2, 3 …
    at INTEGER NOT NULL,                           -- sensitive: no
    event TEXT NOT NULL,                           -- sensitive: no   e.g. profile.changed
    account_id TEXT,                               -- sensitive: no   no foreign key: rows outlive it
    detail TEXT NOT NULL,                          -- sensitive: no   JSON; field names, never values
    request_id TEXT NOT NULL,                      -- sensitive: no
    key_id TEXT NOT NULL,                          -- sensitive: no   which key made the mac
    mac BLOB NOT NULL                              -- sensitive: no   HMAC(key, mac before + this row)
) STRICT;
INSERT INTO "audit" VALUES(1,1789948800,'account.created','e6a9a5897d3ffe2e341d28e2e0aa0e63','{}','','12b65434',X'874021682842E8EA727F78DC99C3E10777BB1B2E034A00EC16B2DE5E31F2592F');
INSERT INTO "audit" VALUES(2,1789948800,'account.created','eae1d54ca54b8ebd3cf2935164454ecb','{}','','12b65434',X'999DF8F95E04C93A18764F839BA5283FAEEB45070F79C6AB428536A48E7F7A50');
INSERT INTO "audit" VALUES(3,1789948800,'account.created','fdd76f1828f5b4ced94cf5c01cc9294f','{}','','12b65434',X'790888D517EB04A172AA24C1AE3FBAE80CBE8DF91E7BEE10B55755A2A0692831');
INSERT INTO "audit" VALUES(4,1789948800,'login.done','e6a9a5897d3ffe2e341d28e2e0aa0e63','{}','37385d8ecc7d4d45b02e4ba239a59a67','12b65434',X'818FA72372C7E4A26E09DCA1FFAA2B33D0CB582F48D69503896C711C679DC49D');
INSERT INTO "audit" VALUES(5,1789948800,'login.done','eae1d54ca54b8ebd3cf2935164454ecb','{}','14713436de8a4d179a60c3cbfc33fadd','12b65434',X'6CDAAD5B67E7896951D8862216F1C3A06B54F40A75AB0C9A70A1DC80A2C8FB6A');
INSERT INTO "audit" VALUES(6,1789948800,'reset.asked','e6a9a5897d3ffe2e341d28e2e0aa0e63','{"kind": "bulk"}','','12b65434',X'9D86318D0DB15D5698FB1EF96B230DB2C30A0468515E22B653A3FF5BFE4A27D5');
INSERT INTO "audit" VALUES(7,1789948800,'profile.changed','e6a9a5897d3ffe2e341d28e2e0aa0e63','{"items": "代表者名", "number": "20260921-83490902"}','29c7197a5778434db82917338bb639bb','12b65434',X'E4025E6516A09240DBF68856CCC9E5886B27AFCFE59539314F4A23FC7B34CFE4');
INSERT INTO "audit" VALUES(8,1789948800,'reset.asked','eae1d54ca54b8ebd3cf2935164454ecb','{"kind": "payment"}','','12b65434',X'DFE0BCBC21A83D3B256E85EF4C8A4D4145AD949F16F5873A43D410056DD8BF7E');
CREATE TABLE credentials (                         -- the two passwords of an account
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'bulk')), -- sensitive: no
    password_hash TEXT NOT NULL,                   -- sensitive: yes  argon2 PHC string
    password_changed_at INTEGER NOT NULL,          -- sensitive: no   the 60 days run from here
    PRIMARY KEY (account_id, kind)
) STRICT;
INSERT INTO "credentials" VALUES('e6a9a5897d3ffe2e341d28e2e0aa0e63','payment','$argon2id$v=19$m=8,t=1,p=1$gM3O2wQiCF0$t9RcxA',1789948800);
INSERT INTO "credentials" VALUES('e6a9a5897d3ffe2e341d28e2e0aa0e63','bulk','$argon2id$v=19$m=8,t=1,p=1$Akz0vnCpEXw$NqyD7A',1789948800);
INSERT INTO "credentials" VALUES('eae1d54ca54b8ebd3cf2935164454ecb','payment','$argon2id$v=19$m=8,t=1,p=1$jpNC/aoKDj4$KReZeQ',1789948800);
INSERT INTO "credentials" VALUES('eae1d54ca54b8ebd3cf2935164454ecb','bulk','$argon2id$v=19$m=8,t=1,p=1$ncyGMiSnXeA$xSff3A',1789948800);
INSERT INTO "credentials" VALUES('fdd76f1828f5b4ced94cf5c01cc9294f','payment','$argon2id$v=19$m=8,t=1,p=1$/ZaZN5xKY1M$SAjXLA',1789948800);
INSERT INTO "credentials" VALUES('fdd76f1828f5b4ced94cf5c01cc9294f','bulk','$argon2id$v=19$m=8,t=1,p=1$g6ewZv1NfOU$9ERlOg',1789948800);
CREATE TABLE devices (                             -- browsers that have logged in; strangers cannot lock them out
    device_hash BLOB NOT NULL,                     -- sensitive: yes  SHA-256 of the device cookie
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    created_at INTEGER NOT NULL,                   -- sensitive: no
    PRIMARY KEY (device_hash, account_id)
) STRICT;
INSERT INTO "devices" VALUES(X'7A107032FCC26ADD1F1DBDE473540094C6FD9BC57580F4841D4CBBFB7DE7EB25','e6a9a5897d3ffe2e341d28e2e0aa0e63',1789948800);
INSERT INTO "devices" VALUES(X'82D9D7674100AD2BA743BB482EFE594C9050E03F3651A854FE1F7B87CC68B01D','eae1d54ca54b8ebd3cf2935164454ecb',1789948800);
CREATE TABLE drafts (                              -- forms on their way through 入力 → 確認 → 完了
    id TEXT PRIMARY KEY,                           -- sensitive: no
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    flow TEXT NOT NULL,                            -- sensitive: no   which form, e.g. profile
    flow_id TEXT NOT NULL,                         -- sensitive: no   one run of it, in the address
    checked INTEGER NOT NULL CHECK (checked IN (0, 1)), -- sensitive: no 0 = as typed, with errors
    profile_version INTEGER NOT NULL,              -- sensitive: no   what the run started from
    sealed BLOB NOT NULL,                          -- sensitive: yes  values, AES-GCM
    position INTEGER NOT NULL,                     -- sensitive: no   order within the run
    created_at INTEGER NOT NULL                    -- sensitive: no
) STRICT;
INSERT INTO "drafts" VALUES('9b54c76e50f96aecd6c2b5fb692ee21d','e6a9a5897d3ffe2e341d28e2e0aa0e63','profile','118a91e3807adfabeb7c6d53eccb94d1',0,2,X'2E04672F7385DCEDC9169EEEC2EA8D27802A96DD2DDAFD92E49D456F38802E10675213FE56DE6AB0C1B43F7F2BF5442460B351317B2428AF9A264DB7DF93B9B7EC4CD9A35A97CE826AFF28BE202F490C76C781B5BA709A216C19518EEC8D659742FFA47C72D1377BC5BD00C1B3AD8301BE9BCD7EA2FEDC717FEEF02C73701DCD3ACC2B69BE1127BCAE2D699AF4BA55325BA6BAD9AE64F18F991C4ED0111D96126207E8F2A1087072CB9583B6E664799E5A11E4A0FCD13892034868156995079B6A77CAF81340B954EC5E6009D59A2104AC1B69B2621777F146DBF91D3D1BC41BD964737539DAF2947EABF06A000C683E75EACB2C62B55D49C0BFCB887CD874C56F4970A4AB115A5E0B39565A0F37F7A5DC006CD2E51EE20A30A17A9B25B3BEE29CE421206B4E3823ED88C319A50045BF4131C81DFD4610F34C9257A1E6B4C63137A7548B04FFB24789C7E158256558D7C98A3D0798806E6047FD5EF3E37F338DBA4D114621EE37B1E58EEB8FD90CFB5E70BDE4EE526DBDB36CFBD8BC70823350C7E3B543',1,1789948800);
CREATE TABLE failures (                            -- wrong passwords, counted where they come from
    scope TEXT NOT NULL,                           -- sensitive: no   which counter
    subject BLOB NOT NULL,                         -- sensitive: yes  HMAC of ID, network or device
    number INTEGER NOT NULL,                       -- sensitive: no
    first_at INTEGER NOT NULL,                     -- sensitive: no
    last_at INTEGER NOT NULL,                      -- sensitive: no
    PRIMARY KEY (scope, subject)
) STRICT;
INSERT INTO "failures" VALUES('asking',X'3D57A149057757F4A4E6E35029A708A5D5992E0B65D343CA1709F3996335E5F0',1,1789948800,1789948800);
INSERT INTO "failures" VALUES('asking',X'E370D1F0992EBFFECEF7840D1830EABD5419FB91C8382F29032D88013B628A89',1,1789948800,1789948800);
CREATE TABLE former_passwords (                    -- the last three before the current one
    account_id TEXT NOT NULL,                      -- sensitive: no
    kind TEXT NOT NULL,                            -- sensitive: no
    password_hash TEXT NOT NULL,                   -- sensitive: yes  argon2 PHC string
    replaced_at INTEGER NOT NULL,                  -- sensitive: no
    PRIMARY KEY (account_id, kind, password_hash),
    FOREIGN KEY (account_id, kind) REFERENCES credentials (account_id, kind) ON DELETE CASCADE
) STRICT;
CREATE TABLE outbox (                              -- mails, written in the transaction that causes them
    id TEXT PRIMARY KEY,                           -- sensitive: no
    once_key TEXT NOT NULL UNIQUE,                 -- sensitive: no   the event: one mail for each
    account_id TEXT REFERENCES accounts (id) ON DELETE SET NULL, -- sensitive: no
    message_id TEXT NOT NULL,                      -- sensitive: no   stays the same over retries
    recipient TEXT NOT NULL,                       -- sensitive: yes  '' once sent
    sealed BLOB,                                   -- sensitive: yes  subject and body; erased once sent
    created_at INTEGER NOT NULL,                   -- sensitive: no
    expires_at INTEGER,                            -- sensitive: no   the link inside is dead from here
    next_try_at INTEGER NOT NULL,                  -- sensitive: no
    tries INTEGER NOT NULL DEFAULT 0,              -- sensitive: no
    sent_at INTEGER,                               -- sensitive: no
    dead_at INTEGER,                               -- sensitive: no   given up
    last_error TEXT NOT NULL DEFAULT ''            -- sensitive: no   SMTP code or kind of failure
) STRICT;
INSERT INTO "outbox" VALUES('7c8b632bf08ac779fc5bf11947995725','reset_guide:d034653ee689437d1d4901d3034a75ce','e6a9a5897d3ffe2e341d28e2e0aa0e63','<7c8b632bf08ac779fc5bf11947995725@k-oss.keikenkyo.or.jp>','',NULL,1789948800,1790035200,1789948800,1,1789948800,NULL,'');
INSERT INTO "outbox" VALUES('13e4873f802ee3fc7e8f55e4d9eba12e','profile:e2f87d6d5b435ce6dd60fb880cde9cf7:new','e6a9a5897d3ffe2e341d28e2e0aa0e63','<13e4873f802ee3fc7e8f55e4d9eba12e@k-oss.keikenkyo.or.jp>','',NULL,1789948800,NULL,1789948800,1,1789948800,NULL,'');
INSERT INTO "outbox" VALUES('52267c6084545da326d47986d1769faf','reset_guide:ee233a452e631d60f1826c26771c8fad','eae1d54ca54b8ebd3cf2935164454ecb','<52267c6084545da326d47986d1769faf@k-oss.keikenkyo.or.jp>','hanako@example.jp',X'7E8AA81D09A9B7A84268E5A883685F01EEDABA54F8684F3693E21A8B6292C2DE5B1A9C7D617DEC34A0D1D121A1D5BF8D939701E3B5F054E1A141A7BFA9DA80C68820D627BC1670F12E0BEBE8FB7708133CDE91CDE954763208A6E7756042BE20EBE05362F61DA53174A2F9F12F7F72DF11E10265F5059AE2B23095DFFE5C2B6DB5AA8C167844F007A7ECBD298B698939362CD5AD402419376A96C6C9392E685FE2620AF5248D6A788C7C89004FE19F6E501FC74AD1A836C27749FFAB948730A596E9F6F446B400CAACC07E76FE3E2859DA71843EAE9CF8E04E0A273B60E3D8A9A06B71057D2A4666940B8EA4AC7764D9B594D5A0ECDC8133F6143AAD11FEEE447C623E243868F4740537FB509E7FF9726EB33E45BEE0754332D386BA68E53056AE440ED0CCD53E225900D7571AD1E94AA7E6DDB9C7B6CDBE8652CA5A90A4B51C34798062C64AB4A943819D7A94465D02130202EB7AE30ED73EC87BBDD5DEBCC822AF193FD8041DCF2DAB18A46B281DB881C8BBEF9A1DEA1F975F34CBEF99CBCDDDDE34B4B328B4C10E785E9C3C57492DD391AF78DC74D4FF320973424BF8D02E6B9933FDE7949E86D558E3A3A7766E7C6727522EFC757374054108B4BAD443BA022C083E7A8D07A3A21F8506B056A3FEF516E84DDB8941C1841F8CEAFBB2F1ADDDE626CF41E4040142CDC8F2D99BAFD0AAADBC254E273B4A6BFDDF40FF9BFA0C1B9A4944C3E87EDB8360F56B04032DBB26C5572F8D4F5957AABA47F0374AC3553DD0652B75B7F19B46B4193A87595C5B7918F940E9E0F3A25D7253DF053C48CBA3F4ABC717294FA8235AD38AB8A2005CDECD6FB2EDF984BD902DD655CBB5A456D653A72DA885800F4BC215EFA93E28F3DDE3769D6F7E40345DA49BEC28AEBFFE23F52C7B29DCAF2CD8D7F221E8BD5CE8C4D1548797C6E4066DB5C43C2C472469E06636DC1626430AD7C154720D14AD4C235D2ED20C3307319FE8840D6BDBD0D15F1AAD1969305D99817F8B72E4B35901EBD526C5388FCBA7F63B3159031361D3748E50E280A19ED8DDE69F6112A4DAA972280E96F23DFBE73F738F4CF9489A55940099A60A75C885A9B65222D1B10452BDED2ACE5A5EEEBBB9CFAE7918712E343F5F6921664BC53050BCCF053F50EAEE12A6D4442D58BC68257F858F6B05C9B2F19BB0A669B846C17DA0282D0B88E4F46FC2A9A40D001D2C81F12AAA9A656C44A9D73D498697E98647F846B5CCCFFC6A8B93872893864D0CDC88357160D0FAA53E2A17817DEC9E9654942F5102A9F55EC1B68AA98033C1A532A7B6D909059CB2A66189945CC6E54FB4F6A1353674333F274F9C24E27EE1D8A0BD2E55EF64DFAC9CF166EF1ADED23842857205C0C53CC666D24FD985318B2BAC4BEAEDF5D978FDF53082A52C10B9D1A8BEF14B60665A8658032B26862D28A680DC75495D9600FE1562DE9924BE433DCE5BFDD5CC137DAD3E418FD7837526369FFDC06884D1B0CB7D3D95E4DACEEFFC84CC4612CB0867BCEFEA46AB7A9FFF469A3AF29219E62693B790BC8E95847869108849B76C1F514095FD9E9FBAA6CB06ECB84677FDFAA63C82FE207CE2037F7DE7F95627',1789948800,1790035200,1789948830,1,NULL,NULL,'SMTP 451');
CREATE TABLE receipts (                            -- what was done once and must not be done twice
    id TEXT PRIMARY KEY,                           -- sensitive: no   the draft's id or a once-key
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    flow TEXT NOT NULL,                            -- sensitive: no
    number TEXT NOT NULL UNIQUE,                   -- sensitive: no   受付番号
    created_at INTEGER NOT NULL                    -- sensitive: no
) STRICT;
INSERT INTO "receipts" VALUES('e2f87d6d5b435ce6dd60fb880cde9cf7','e6a9a5897d3ffe2e341d28e2e0aa0e63','profile','20260921-83490902',1789948800);
CREATE TABLE reset_links (                         -- mailed URLs, at most one live per credential
    id TEXT PRIMARY KEY,                           -- sensitive: no   public id, in the clean address
    key_hash BLOB NOT NULL UNIQUE,                 -- sensitive: yes  SHA-256 of the mailed key
    account_id TEXT NOT NULL,                      -- sensitive: no
    kind TEXT NOT NULL,                            -- sensitive: no
    asked_at INTEGER NOT NULL,                     -- sensitive: no
    expires_at INTEGER NOT NULL,                   -- sensitive: no
    used_at INTEGER,                               -- sensitive: no
    ended_at INTEGER,                              -- sensitive: no   killed by a newer one or a change
    FOREIGN KEY (account_id, kind) REFERENCES credentials (account_id, kind) ON DELETE CASCADE
) STRICT;
INSERT INTO "reset_links" VALUES('d034653ee689437d1d4901d3034a75ce',X'22F4BF36C431A6E2EFDAA343A34BE73EA83FA97A84581E34199C8C6CBF4769BD','e6a9a5897d3ffe2e341d28e2e0aa0e63','bulk',1789948800,1790035200,NULL,NULL);
INSERT INTO "reset_links" VALUES('ee233a452e631d60f1826c26771c8fad',X'FCF9A4827D2E701D7D40C1AF74975CB2E7FD7F06F3EDFF4A0201F8503666732D','eae1d54ca54b8ebd3cf2935164454ecb','payment',1789948800,1790035200,NULL,NULL);
CREATE TABLE reset_requests (                      -- パスワード初期化依頼 as typed; a worker judges
    once_key TEXT PRIMARY KEY,                     -- sensitive: no   pressed twice is one request
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'bulk')), -- sensitive: no
    sealed BLOB,                                   -- sensitive: yes  what was typed; erased once judged
    asked_at INTEGER NOT NULL,                     -- sensitive: no   依頼日時
    judged_at INTEGER                              -- sensitive: no
) STRICT;
INSERT INTO "reset_requests" VALUES('b06624a515a4aa29233d951db9ac3e32','bulk',NULL,1789948800,1789948800);
INSERT INTO "reset_requests" VALUES('afdb1f33972e88824518181ed400534c','payment',NULL,1789948800,1789948800);
CREATE TABLE sessions (                            -- log-ins; ended rows stay 24 hours
    id TEXT PRIMARY KEY,                           -- sensitive: no   public id, for lists
    token_hash BLOB NOT NULL UNIQUE,               -- sensitive: yes  SHA-256 of the cookie
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE, -- sensitive: no
    created_at INTEGER NOT NULL,                   -- sensitive: no
    last_seen_at INTEGER NOT NULL,                 -- sensitive: no   flushed every 30 s
    ended_at INTEGER,                              -- sensitive: no
    previous_login_at INTEGER,                     -- sensitive: no   前回ログイン, of any device
    user_agent TEXT NOT NULL,                      -- sensitive: yes  for ログイン中の端末
    network TEXT NOT NULL                          -- sensitive: yes  client address
) STRICT;
INSERT INTO "sessions" VALUES('41dc01945909248054cd897c2e2ef6a7',X'09E4031A46EF69E4DDD08E447D22C9000CA77FE68A2D3C07A86E28D8CE83C660','e6a9a5897d3ffe2e341d28e2e0aa0e63',1789948800,1789948800,NULL,NULL,'python-httpx/0.28.1','127.0.0.1');
INSERT INTO "sessions" VALUES('8ec7ae1c86323b58e06d81670bad5721',X'21084F93D8E8300C6ADCB13080C7DEC3E7278C033CAD19754D391AD11F2C569F','eae1d54ca54b8ebd3cf2935164454ecb',1789948800,1789948800,NULL,NULL,'python-httpx/0.28.1','203.0.113.5');
CREATE INDEX sessions_of_account ON sessions (account_id);
CREATE INDEX failures_by_age ON failures (last_at);
CREATE UNIQUE INDEX drafts_of_run ON drafts (account_id, flow, flow_id, position);
CREATE INDEX reset_requests_waiting ON reset_requests (asked_at) WHERE judged_at IS NULL;
CREATE UNIQUE INDEX reset_links_live ON reset_links (account_id, kind)
    WHERE used_at IS NULL AND ended_at IS NULL;
CREATE INDEX reset_links_of_credential ON reset_links (account_id, kind, asked_at);
CREATE INDEX outbox_due ON outbox (next_try_at) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX audit_of_account ON audit (account_id, seq);
COMMIT;
PRAGMA user_version = 1;
