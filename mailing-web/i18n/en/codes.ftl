# A text for every code of mailing-core/src/code.rs: what is wrong, where, and what to do.

code-not-found = There is no such thing here, or it is not yours. Check the address or the id.
code-denied = Your role does not allow this. If you need it, write to the administrator.
code-signed-out = Nobody is signed in. Sign in and repeat.
code-changed-meanwhile = Somebody changed it after you opened it. Open it again and repeat your change.
code-internal = A fault on our side. Try again in a minute; if it stays, give the request number to support.
code-required = This is missing. Fill it in.
code-too-long = Too long: { $length ->
    [one] { $length } character
   *[other] { $length } characters
}, at most { $max } fit. Shorten it.
code-control-character = There is an invisible control character in the text, such as a line break. Remove it or type the text by hand.

code-store-unavailable = The database does not answer. Nothing is lost; check that it runs and try again.
code-store-busy = The database is busy with another process. Try again in a few seconds.
code-store-read-only = The database cannot be written. Check the rights on its file and folder.
code-store-newer = The database was made by a newer version of Mailing. Start that version or restore a copy made before the upgrade.
code-store-corrupt = A stored row cannot be read: table { $table }, column { $column }, row { $id }. Restore a copy or correct the row.
code-store-full = The disk with the database is full. Free some space and try again.

code-address-no-at = The address has no “@”. Write it as name@example.com.
code-address-local = The part before “@” is not allowed in an address. Check it for spaces, double dots and stray signs.
code-address-domain = The part after “@” is not a domain. Write it as example.com.
code-address-too-long = The address is too long: at most 254 characters, of them 64 before “@”.
code-address-ip = The part after “@” is an IP address. Write the name of a domain, such as example.com.
code-address-no-dot = The part after “@” has no dot. Write the whole domain, such as example.com.

code-attribute-key = “{ $key }” cannot be the name of an attribute. Use up to 63 Latin letters, digits and “_”, no digit first.
code-attribute-twice = The attribute “{ $key }” is given twice. Keep one of the two.
code-attribute-too-many = Too many attributes: a recipient has at most { $max }. Remove some.
code-attribute-nested = The attribute “{ $key }” is a list or an object. Give a text, a number, true or false.
code-attribute-shape = Attributes are written as an object of names and values: {"{"}"city": "Perm"{"}"}.
