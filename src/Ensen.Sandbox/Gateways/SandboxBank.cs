using System.Security.Cryptography;
using System.Text;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Storage;

namespace Ensen.Sandbox.Gateways;

/// <summary>
/// The sandbox's bank. Every number is an account there, of whoever says so, and never empty; two numbers are not.
/// </summary>
public sealed class SandboxBank : IBank
{
    /// <summary>No account has this number, and one with that is of somebody else.</summary>
    public const string NoSuchAccount = "0000000";
    public const string OfSomebodyElse = "9999999";
    public const string Name = "環状線銀行";

    readonly SandboxRequests _requests;
    readonly SandboxRequests _credits;
    readonly Database _db;
    readonly SandboxExchanges _exchanges;

    internal SandboxBank(SandboxRequests requests, SandboxRequests credits, Database db, SandboxExchanges exchanges) =>
        (_requests, _credits, _db, _exchanges) = (requests, credits, db, exchanges);

    public Task<BankLinkReply> Link(BankLinkOrder order, CancellationToken ct) => _db.Transact(async tx =>
    {
        var reply = order.Number switch
        {
            NoSuchAccount => Reply.Refused("no_such_account"),
            OfSomebodyElse => Reply.Refused("holder_mismatch"),
            _ => (await SandboxFaults.Take(tx, Gateway.Bank)).FaultMode switch
            {
                FaultMode.Refuse => Reply.Refused("refused_by_bank"),
                FaultMode.Accept or FaultMode.Twice or FaultMode.CallbackFirst => Reply.Accepted,
                _ => Reply.Unknown,
            },
        };
        await _exchanges.Note(tx, Gateway.Bank, order.RequestId,
            $"link {order.BankCode}-{order.BranchCode} ****{order.Number[^4..]} of {order.HolderKana}", reply.ToString());
        return new BankLinkReply(reply, reply.Kind == ReplyKind.Accepted ? new(TokenOf(order), Name, order.Number[^4..]) : null);
    }, ct);

    public Task<Reply> Debit(BankDebit debit, CancellationToken ct) =>
        _requests.Receive(debit.RequestId, debit.AccountToken, debit.Amount, debit.Amount <= Yen.Zero ? "invalid_amount" : null, ct);

    public Task<Reply> Ask(Guid requestId, CancellationToken ct) => _requests.Ask(requestId, ct);

    public void WhenNews(NewsOfRequest hear) => _requests.WhenNews(hear);

    public Task<Reply> Credit(BankCredit credit, CancellationToken ct) =>
        _credits.Receive(credit.RequestId, credit.AccountToken, credit.Amount, credit.Amount <= Yen.Zero ? "invalid_amount" : null, ct);

    public Task<Reply> AskCredit(Guid requestId, CancellationToken ct) => _credits.Ask(requestId, ct);

    public void WhenCreditNews(NewsOfRequest hear) => _credits.WhenNews(hear);

    /// <summary>
    /// The bank says the contrary from now on: what it had paid came back to it, or it paid what it had refused. It calls about that.
    /// False when it knows of no such credit.
    /// </summary>
    public Task<bool> Contradict(Guid requestId, CancellationToken ct = default) => _credits.Contradict(requestId, ct);

    /// <summary>All that was ever paid to accounts and did not come back.</summary>
    public Task<Yen> Credited(CancellationToken ct = default) => _credits.Accepted(ct);

    /// <summary>The latest debits, newest first, each with its truth.</summary>
    public Task<IReadOnlyList<SandboxRequest>> Latest(int limit, CancellationToken ct = default) => _requests.Latest(limit, ct);

    /// <summary>All that was ever taken from accounts.</summary>
    public Task<Yen> Debited(CancellationToken ct = default) => _requests.Accepted(ct);

    static string TokenOf(BankLinkOrder order) => "acct_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{order.BankCode} {order.BranchCode} {order.Kind} {order.Number}")))[..24];
}
