/** What the bundler puts in: the package's version and the commit it was built from. */
declare const __BUILD_VERSION__: string | undefined
declare const __BUILD_COMMIT__: string | undefined

export const version = typeof __BUILD_VERSION__ === "string" ? __BUILD_VERSION__ : "unbuilt"
export const build = typeof __BUILD_COMMIT__ === "string" ? __BUILD_COMMIT__ : "unknown"
