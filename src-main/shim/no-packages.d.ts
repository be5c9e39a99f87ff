// The shim is one dependency-free file. Its tsconfig resolves every package to this empty module, so that importing
// anything from one does not compile; `node:` modules are ambient and stay.
export {}
