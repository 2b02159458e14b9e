/**
 * WebCrypto without its thread pool, so that nothing but the clock takes time. Digests are real; what is sealed is only
 * wrapped.
 */
import { createHash, type webcrypto } from "node:crypto"
import { afterAll, beforeAll, vi } from "vitest"

const bytesOf = (data: webcrypto.BufferSource) =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)

const copied = (bytes: Uint8Array) => Uint8Array.from(bytes).buffer

const spies = () => {
  const { subtle } = crypto
  return [
    vi.spyOn(subtle, "digest").mockImplementation((_, data) =>
      Promise.resolve(copied(createHash("sha256").update(bytesOf(data)).digest()))
    ),
    vi.spyOn(subtle, "importKey").mockResolvedValue({} as webcrypto.CryptoKey),
    vi.spyOn(subtle, "deriveKey").mockResolvedValue({} as webcrypto.CryptoKey),
    vi.spyOn(subtle, "encrypt").mockImplementation((_, __, data) => Promise.resolve(copied(bytesOf(data)))),
    vi.spyOn(subtle, "decrypt").mockImplementation((_, __, data) => Promise.resolve(copied(bytesOf(data))))
  ]
}

/** For the tests of the file that calls it, and no others. */
export const install = () => {
  let installed: ReturnType<typeof spies> = []
  beforeAll(() => {
    installed = spies()
  })
  afterAll(() => {
    for (const spy of installed) spy.mockRestore()
  })
}
