export * from "../../src/testing/VirtualTime.js"
