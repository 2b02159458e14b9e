// The page of what a server has besides tools, made of what it lists.
import * as Prompts from "../../src/mcp/Prompts.js"
import * as ResourceList from "../../src/mcp/ResourceList.js"
import { code, page, table } from "./Markdown.js"

const resources = [
  ...ResourceList.resources.map((one) => ({ ...one, address: one.uri })),
  ...ResourceList.templates.map((one) => ({ ...one, address: one.uriTemplate }))
]

const argument = ({ name, required }: Prompts.Argument) => required === true ? `${code(name)} (required)` : code(name)

const whole = page(
  "# Resources, prompts and notices",
  "What a host can offer its person besides the [tools](tools/README.md).",
  "## Resources",
  "References are names, display ids (`CR-…`) or ids, percent-encoded.",
  table(
    ["address", "type", ""],
    resources.map(({ address, description, mimeType }) => [
      code(address),
      code(mimeType),
      description
    ])
  ),
  "A host that subscribes to a run is told whenever its status changes (`notifications/resources/updated`), until the run " +
    "is over; it is looked at as often as Habu allows. Only runs are followed: a subscription to anything else is taken and " +
    `stays silent. At most ${ResourceList.mostFollowed} runs are followed at once. One more is refused until one of them ` +
    "is over or unsubscribed from.",
  "## Prompts",
  "A prompt is offered where all the tools are that it needs.",
  table(
    ["name", "arguments", ""],
    Prompts.all.map((prompt) => [
      code(prompt.name),
      prompt.arguments.map(argument).join(", "),
      prompt.description
    ])
  ),
  "## Completion",
  "Clean rooms, questions, runs, error codes and pages are completed as they are typed, in addresses and in prompts: what " +
    `begins so comes first, then what holds it. At most ${ResourceList.mostCompletions} are given; \`total\` says how ` +
    "many there are, and `hasMore` whether some were left out.",
  "## At once",
  "Of calls, readings and completions 256 may be under way at once. What comes on top is refused with the code " +
    "`TOO_MANY_CALLS` and can be sent again once others are answered.",
  "## Notices",
  "What the person should know comes as `notifications/message`: see [at the host](observability.md#at-the-host)."
)

export const pages: ReadonlyArray<readonly [path: string, text: string]> = [["resources.md", whole]]
