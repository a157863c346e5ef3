// A feature map as a picture: a tap, a click or an arrow key chooses one of its pixels, which the server is told.
const REST = 60 // milliseconds without another key until the server is told
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
const maps = new WeakMap() // by parent element: one for each place on a page

export default function ({ data, parentElement, setTriggerValue }) {
  let map = maps.get(parentElement)
  if (!map) {
    map = new FeatureMap(parentElement)
    maps.set(parentElement, map)
  }
  map.tell = setTriggerValue
  map.take(data)
  return () => clearTimeout(map.rest)
}

class FeatureMap {
  constructor(parent) {
    this.root = parent.querySelector(".map")
    this.picture = parent.querySelector("img")
    this.frame = parent.querySelector(".chosen")
    this.root.onclick = (event) => this.tapped(event)
    this.root.onkeydown = (event) => this.key(event)
  }

  // What the server says. The place is taken over only once it has heard of everything that was done here.
  take(data) {
    this.turn ??= data.turn
    this.data = data
    if (data.turn === this.turn) Object.assign(this, { row: data.row, column: data.column })
    if (this.picture.src !== data.picture) this.picture.src = data.picture
    this.root.setAttribute("aria-label", data.alt)
    this.draw()
  }

  tapped(event) {
    const box = this.root.getBoundingClientRect()
    const place = (from, start, length) => Math.floor(((from - start) / length) * this.data.side)
    this.choose(place(event.clientY, box.top, box.height), place(event.clientX, box.left, box.width))
  }

  key(event) {
    const arrow = ARROWS[event.key]
    if (!arrow) return
    event.preventDefault()
    this.choose(this.row + arrow[0], this.column + arrow[1])
  }

  choose(row, column) {
    const within = (place) => Math.min(this.data.side - 1, Math.max(0, place))
    ;[row, column] = [within(row), within(column)]
    if (row === this.row && column === this.column) return
    Object.assign(this, { row, column, turn: this.turn + 1 })
    this.draw()
    clearTimeout(this.rest)
    this.rest = setTimeout(() => this.tell("chosen", { row, column, turn: this.turn }), REST)
  }

  draw() {
    const share = (place) => `${(100 * place) / this.data.side}%`
    const { style } = this.frame
    Object.assign(style, { top: share(this.row), left: share(this.column), width: share(1), height: share(1) })
    style.borderColor = `rgb(${this.data.colour})`
    Object.assign(this.root.dataset, { row: this.row, column: this.column })
  }
}
