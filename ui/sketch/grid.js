// A sheet of 28x28 pixels for the keyboard, and for a mouse or finger. It tells the page its pixels as 784 bits in base64.
const SIZE = 28
const DOTS = 20 // of the canvas for one pixel
const REST = 120 // milliseconds without a change after which the page is told
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
const grids = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  let grid = grids.get(parentElement)
  if (!grid) {
    grid = new Grid(parentElement)
    grids.set(parentElement, grid)
  }
  grid.tell = setStateValue
  grid.take(data)
  return () => clearTimeout(grid.rest)
}

class Grid {
  constructor(parent) {
    this.canvas = parent.querySelector(".cells")
    this.where = parent.querySelector(".where")
    this.cells = new Uint8Array(SIZE * SIZE)
    this.row = this.column = 13
    this.canvas.onkeydown = (event) => this.key(event)
    this.canvas.onfocus = this.canvas.onblur = () => this.draw()
    this.canvas.onpointerdown = (event) => this.down(event)
    this.canvas.onpointermove = (event) => event.buttons && this.drag(event)
    this.canvas.onpointerup = () => (this.pen = undefined)
  }

  // What the server says is taken over when it begins anew; otherwise what is drawn here is newer.
  take(data) {
    if (data.turn !== this.turn) {
      this.turn = data.turn
      const bytes = Uint8Array.from(atob(data.cells), (letter) => letter.charCodeAt(0))
      this.cells = this.cells.map((_, i) => (bytes[i >> 3] >> (7 - (i & 7))) & 1)
    }
    this.draw()
  }

  key(event) {
    const arrow = ARROWS[event.key]
    if (arrow) {
      if (event.shiftKey) this.set(1)
      this.row = Math.min(SIZE - 1, Math.max(0, this.row + arrow[0]))
      this.column = Math.min(SIZE - 1, Math.max(0, this.column + arrow[1]))
      if (event.shiftKey) this.set(1)
    } else if (event.key === " " || event.key === "Enter") {
      this.set(1 - this.cells[this.row * SIZE + this.column])
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.cells.fill(0)
      this.changed()
    } else {
      return
    }
    event.preventDefault()
    this.say()
    this.draw()
  }

  down(event) {
    this.canvas.setPointerCapture(event.pointerId)
    this.at(event)
    this.pen = 1 - this.cells[this.row * SIZE + this.column]
    this.set(this.pen)
    this.draw()
  }

  // Every pixel between the last place of the pointer and this one.
  drag(event) {
    if (this.pen === undefined) return
    const { row, column } = this
    this.at(event)
    const steps = Math.max(Math.abs(this.row - row), Math.abs(this.column - column))
    for (let step = 1; step <= steps; step++) {
      const share = step / steps
      const [y, x] = [Math.round(row + (this.row - row) * share), Math.round(column + (this.column - column) * share)]
      this.cells[y * SIZE + x] = this.pen
    }
    if (steps) this.changed()
    this.draw()
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect()
    const clamp = (value) => Math.min(SIZE - 1, Math.max(0, Math.floor(value * SIZE)))
    this.row = clamp((event.clientY - box.top) / box.height)
    this.column = clamp((event.clientX - box.left) / box.width)
  }

  set(value) {
    this.cells[this.row * SIZE + this.column] = value
    this.changed()
  }

  changed() {
    clearTimeout(this.rest)
    this.rest = setTimeout(() => {
      const bytes = new Uint8Array(SIZE * SIZE / 8)
      this.cells.forEach((cell, i) => (bytes[i >> 3] |= cell << (7 - (i & 7))))
      this.tell("cells", btoa(String.fromCharCode(...bytes)))
    }, REST)
  }

  say() {
    const inked = this.cells[this.row * SIZE + this.column] ? "ink" : "paper"
    this.where.textContent = `Row ${this.row + 1}, column ${this.column + 1}: ${inked}`
  }

  draw() {
    const style = getComputedStyle(this.canvas)
    const colour = (name) => style.getPropertyValue(name).trim()
    const brush = this.canvas.getContext("2d")
    brush.fillStyle = colour("--st-background-color")
    brush.fillRect(0, 0, SIZE * DOTS, SIZE * DOTS)
    brush.fillStyle = colour("--st-text-color")
    this.cells.forEach((cell, i) => {
      if (cell) brush.fillRect((i % SIZE) * DOTS, Math.floor(i / SIZE) * DOTS, DOTS, DOTS)
    })
    brush.strokeStyle = colour("--st-border-color")
    brush.globalAlpha = 0.5
    for (let i = 1; i < SIZE; i++) {
      brush.strokeRect(i * DOTS, -1, 0, SIZE * DOTS + 2)
      brush.strokeRect(-1, i * DOTS, SIZE * DOTS + 2, 0)
    }
    brush.globalAlpha = 1
    if (this.canvas.getRootNode().activeElement === this.canvas) {
      brush.strokeStyle = colour("--st-primary-color")
      brush.lineWidth = 5
      brush.strokeRect(this.column * DOTS + 1, this.row * DOTS + 1, DOTS - 2, DOTS - 2)
      brush.lineWidth = 1
    }
  }
}
