using Ensen.Basics;
using Ensen.Gateways;

namespace Ensen.Sandbox.Gateways;

/// <summary>The sandbox's bank. Everybody has an account there, it is linked already and never empty.</summary>
public sealed class SandboxBank : IBank
{
    readonly SandboxRequests _requests;

    internal SandboxBank(SandboxRequests requests) => _requests = requests;

    public Task<LinkedAccount?> AccountOf(Guid holder, CancellationToken ct) =>
        Task.FromResult<LinkedAccount?>(new($"acct_{Id.Bare(holder)}", "Loop Line Bank", SandboxDigits.Of(holder, 4)));

    public Task<Reply> Debit(BankDebit debit, CancellationToken ct) =>
        _requests.Receive(debit.RequestId, debit.AccountToken, debit.Amount, debit.Amount <= Yen.Zero ? "invalid_amount" : null, ct);

    public Task<Reply> Ask(Guid requestId, CancellationToken ct) => _requests.Ask(requestId, ct);

    public void WhenNews(NewsOfRequest hear) => _requests.WhenNews(hear);

    /// <summary>The latest debits, newest first, each with its truth.</summary>
    public Task<IReadOnlyList<SandboxRequest>> Latest(int limit, CancellationToken ct = default) => _requests.Latest(limit, ct);

    /// <summary>All that was ever taken from accounts.</summary>
    public Task<Yen> Debited(CancellationToken ct = default) => _requests.Accepted(ct);
}
