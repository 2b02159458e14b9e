/** What the command prints for a person when it does not serve; only then is stdout free of the protocol. */
export const print = (text: string) => process.stdout.write(text)

/** What went wrong, for a person. */
export const complain = (problem: string) => process.stderr.write(`habu-mcp: ${problem}\n`)

/** Whether a person reads what is printed, and how wide their terminal is. */
export const reader = { isPerson: process.stdout.isTTY, columns: process.stdout.columns || 100 }
