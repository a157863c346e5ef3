// What one network answers: its digit, how sure it is, and its ten probabilities. Elements stay, so that bars can move.
export default function ({ data, parentElement }) {
  const find = (name) => parentElement.querySelector(name)
  find("h2").textContent = data.name
  find(".digit").textContent = data.digit
  find(".digit").classList.toggle("long", data.digit.length > 2)
  find(".sure").textContent = data.sure
  find(".verdict").textContent = data.verdict
  find(".answer").dataset.verdict = data.verdict
  const bars = find(".bars")
  if (!bars.children.length) bars.append(...Array.from({ length: 10 }, bar))
  bars.hidden = !data.shares.length
  const most = Math.max(...data.shares)
  data.shares.forEach((share, digit) => {
    bars.children[digit].classList.toggle("top", share > 0 && share === most)
    bars.children[digit].firstChild.firstChild.style.height = `${100 * share}%`
  })
}

function bar(_, digit) {
  const column = document.createElement("div")
  column.innerHTML = `<i><b></b></i><span>${digit}</span>`
  return column
}
