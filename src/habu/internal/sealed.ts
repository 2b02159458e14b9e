// Text that only the holder of a secret can read: AES-256-GCM under a key derived from the secret (HKDF-SHA-256).
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"

const algorithm = "AES-GCM"
const ivLength = 12
const bytes = (text: string) => new TextEncoder().encode(text)

const keyOf = (secret: Redacted.Redacted, usage: "encrypt" | "decrypt") =>
  Effect.promise(() => crypto.subtle.importKey("raw", bytes(Redacted.value(secret)), "HKDF", false, ["deriveKey"]))
    .pipe(
      Effect.flatMap((material) =>
        Effect.promise(() =>
          crypto.subtle.deriveKey(
            { name: "HKDF", hash: "SHA-256", salt: bytes("habu-mcp"), info: bytes("state") },
            material,
            { name: algorithm, length: 256 },
            false,
            [usage]
          )
        )
      )
    )

export const seal = Effect.fnUntraced(function*(secret: Redacted.Redacted, text: Redacted.Redacted) {
  const key = yield* keyOf(secret, "encrypt")
  const iv = crypto.getRandomValues(new Uint8Array(ivLength))
  const sealed = yield* Effect.promise(() =>
    crypto.subtle.encrypt({ name: algorithm, iv }, key, bytes(Redacted.value(text)))
  )
  return Encoding.encodeBase64(new Uint8Array([...iv, ...new Uint8Array(sealed)]))
})

// None where the secret is another one, or the text was changed.
export const unseal = Effect.fnUntraced(function*(secret: Redacted.Redacted, sealed: string) {
  const key = yield* keyOf(secret, "decrypt")
  const data = Either.getOrElse(Encoding.decodeBase64(sealed), () => new Uint8Array())
  return yield* Effect.tryPromise(() =>
    crypto.subtle.decrypt({ name: algorithm, iv: data.slice(0, ivLength) }, key, data.slice(ivLength))
  ).pipe(
    Effect.map((opened) => Redacted.make(new TextDecoder().decode(opened))),
    Effect.option
  )
}, Effect.map((opened): Option.Option<Redacted.Redacted> => opened))
