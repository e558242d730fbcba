using Ensen.Basics;
using Ensen.Merchants;
using Ensen.Wallet;
using Ensen.Web.Till;

namespace Ensen.Web.Members;

/// <summary>Codes that the sandbox reads for whoever plays go the way of those that a phone or a till reads.</summary>
sealed class ScannedCodes(PayTickets tickets, ResolvePayee resolve, Stores stores, Programme programme) : IScannedCodes
{
    public Task<string> PageOf(HttpContext context, string? text, CancellationToken ct) =>
        PayForms.PageOf(context, text, tickets, resolve, stores, programme, ct);

    public void KeepAtTill(HttpContext context, string? code) => TillForms.Keep(context, code);
}
