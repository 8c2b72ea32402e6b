// SHA-256 of files, beside the page: a browser copies a file before it hashes it, and answers
// nobody meanwhile.

self.onmessage = async ({ data: file, ports: [port] }) => {
  try {
    port.postMessage(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  } catch (error) {
    port.postMessage(String(error));
  }
};
