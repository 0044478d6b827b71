package agenda

import (
	"cmp"
	"slices"
	"strings"
)

// finish ends a request: one receipt for all that the mail changed or asked,
// with an undo for 14 days.
func (r *request) finish(out Outcome) Outcome {
	if len(r.receipt.Changes) > 0 {
		out.Detail = cmp.Or(out.Detail, r.summary())
	}
	if order, ok := r.answer(); ok {
		r.orders = append(r.orders, order)
	}
	out.Orders = append(out.Orders, r.orders...)
	return out
}

// answer is the receipt, if there is something to say and it may be said.
func (r *request) answer() (Order, bool) {
	if !r.mail.MayAnswer || r.who.handle == "" || r.repeated() {
		r.keepUndo(Order{Kind: ReceiptLetter, Key: r.receiptKey(), Person: r.who.handle, At: r.at})
		return Order{}, false
	}
	if len(r.receipt.Changes)+len(r.receipt.Pages) == 0 {
		r.receipt.Errors = slices.DeleteFunc(r.receipt.Errors, func(e Misread) bool {
			return !r.b.mayTell(r.who.handle, e.Reason, r.at)
		})
	}
	if len(r.receipt.Changes)+len(r.receipt.Errors)+len(r.receipt.Pages) == 0 {
		return Order{}, false
	}
	order := r.reply(ReceiptLetter)
	order.Receipt = &r.receipt
	r.keepUndo(order)
	if r.who.operator && order.To == "" {
		return Order{}, false
	}
	if r.receipt.slows() { // once a day each, and only after the hour's answers were used up
		return order, true
	}
	return order, r.b.mayAnswer(r.at)
}

// slows says whether the receipt tells somebody that they file too much.
func (r Receipt) slows() bool {
	return slices.ContainsFunc(r.Errors, func(e Misread) bool { return e.Reason == whyMany })
}

func (r *request) receiptKey() string {
	return letterKey("receipt", r.hash, cmp.Or(r.who.handle, operatorHandle))
}

// reply begins an order that answers the mail. Operators have no configured
// address of a person; theirs must be one of those that get notices.
func (r *request) reply(kind Kind) Order {
	o := Order{Kind: kind, Key: letterKey(string(kind), r.hash, cmp.Or(r.who.handle, operatorHandle)), Person: r.who.handle, At: r.at, Answer: r.answered()}
	if r.who.operator {
		o.Person = ""
		if r.mail.From != nil && containsFold(r.b.team.Operator, r.mail.From.Address) {
			o.To = r.mail.From.Address
		}
	}
	return o
}

func (r *request) answered() *Answered {
	return &Answered{MessageID: r.mail.MessageID, References: r.mail.References, Subject: strings.TrimSpace(r.mail.Subject), Arrived: r.at}
}
