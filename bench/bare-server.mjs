// The least that an MCP server over stdio can be: the SDK's server and one tool. What habu-mcp is measured against.
import { Server } from "@modelcontextprotocol/sdk/server/index.js"
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js"
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js"

const server = new Server({ name: "bare", version: "1.0.0" }, { capabilities: { tools: {} } })
const tool = { name: "health_check", description: "Answers.", inputSchema: { type: "object", properties: {} } }

server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [tool] }))
server.setRequestHandler(CallToolRequestSchema, () => ({ content: [{ type: "text", text: "well" }] }))

await server.connect(new StdioServerTransport())
