// Stands in for node-color-log, which the SDK's errors use to print their own stack.

const logger = {
  bgColor: () => logger,
  color: () => logger,
  log: (text: unknown) => console.error(text),
}

export default logger
