/**
 * Files that come with this package and are not part of the program: found from the source, from the built library and
 * from the bundled command alike.
 *
 * @since 0.1.0
 */
import * as Fs from "node:fs"

/**
 * Finds a file by its path from the package's own folder.
 *
 * @since 0.1.0
 * @category getters
 */
export const packageFile = (path: string, from = new URL(".", import.meta.url)): URL => {
  const here = new URL(path, from)
  const above = new URL("..", from)
  return Fs.existsSync(here) || above.href === from.href ? here : packageFile(path, above)
}
