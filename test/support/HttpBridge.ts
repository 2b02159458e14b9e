// Streamable HTTP on this machine in front of a command that speaks MCP over stdio: each session has a process of its
// own. For tools that test servers over HTTP only; habu-mcp itself serves stdio alone.
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js"
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js"
import { isJSONRPCNotification, isJSONRPCRequest, type JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js"
import { randomUUID } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

export interface Bridge {
  readonly url: string
  readonly close: () => Promise<void>
}

type RequestId = string | number

const progressTokenOf = (message: JSONRPCMessage): RequestId | undefined =>
  isJSONRPCRequest(message) ? message.params?._meta?.progressToken : undefined

export const serve = async (command: string, args: ReadonlyArray<string>): Promise<Bridge> => {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  const children = new Set<StdioClientTransport>()

  const open = async (host: string) => {
    const child = new StdioClientTransport({ command, args: [...args], stderr: "ignore" })
    // Over stdio nothing but the token tells which request a notification of progress belongs to.
    const requests = new Map<RequestId, RequestId>()
    const http: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, http),
      enableDnsRebindingProtection: true,
      allowedHosts: [host, host.replace("127.0.0.1", "localhost")]
    })
    let starting: Promise<void> | undefined
    http.onmessage = async (message) => {
      const token = progressTokenOf(message)
      if (token !== undefined && isJSONRPCRequest(message)) requests.set(token, message.id)
      children.add(child)
      await (starting ??= child.start())
      await child.send(message)
    }
    child.onmessage = (message) => {
      const token = isJSONRPCNotification(message) ? message.params?.["progressToken"] : undefined
      const relatedRequestId = typeof token === "string" || typeof token === "number" ? requests.get(token) : undefined
      http.send(message, relatedRequestId === undefined ? {} : { relatedRequestId }).catch(() => undefined)
    }
    http.onclose = () => void child.close()
    await http.start()
    return http
  }

  const server = createServer(async (request, response) => {
    const id = request.headers["mcp-session-id"]
    const { address, port } = server.address() as AddressInfo
    const session = typeof id === "string" ? sessions.get(id) : await open(`${address}:${port}`)
    if (session === undefined) response.writeHead(404).end()
    else await session.handleRequest(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    close: async () => {
      await Promise.all([...children].map((child) => child.close()))
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
}
