/**
 * A text's SHA-256, by WebCrypto, so that it works wherever Effect runs.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"

/**
 * The digest in hexadecimal digits.
 *
 * @since 0.1.0
 * @category constructors
 */
export const sha256 = (text: string): Effect.Effect<string> =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
    (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("")
  )
