using Dapper;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Sandbox;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Support;

/// <summary>
/// Whoever deals with another company (of cards, of banks), on a fresh database with the sandbox's companies. When the test ends the books
/// are looked through.
/// </summary>
abstract class Desk : IAsyncDisposable
{
    readonly TestDatabase _test;
    readonly ServiceProvider _services;

    protected Desk(TestDatabase test, Programme? programme)
    {
        _test = test;
        _services = new ServiceCollection()
            .AddEnsen(Db.Catalogue, _ => Db, programme ?? new Programme())
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<SandboxGateways>()
            .AddSingleton(p => p.GetRequiredService<SandboxGateways>().Outside)
            .AddSingleton(new RecordsKey(Town.Records.Public))
            .AddSingleton<CreateVerifiedMember>()
            .AddSingleton<CreateOperator>()
            .AddSingleton<SandboxPayOutAccounts>()
            .BuildServiceProvider();
        _services.StartOutbox();
    }

    public Database Db => _test.Database;
    public TownClock Clock { get; } = new();
    public SandboxGateways World => Get<SandboxGateways>();

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected Task LoadKeys() => InstallationKey.Load(_services, Ct);

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<MemberId> Member(string name = "aoi") =>
        (await Get<CreateVerifiedMember>().Run(new CreateVerifiedMemberRequest(name, Verified: false), Ct)).Value!.Id;

    /// <summary>Sums an owner's accounts of these types.</summary>
    public async Task<long> Sum(Guid owner, params AccountType[] types)
    {
        await using var connection = await Db.Connect(Ct);
        return await Accounts.Sum(connection, owner, types);
    }

    public async Task<long> Count(string sql, object? of = null)
    {
        await using var connection = await Db.Connect(Ct);
        return await connection.ExecuteScalarAsync<long>(sql, of);
    }

    public async Task<IReadOnlyList<string>> Complaints() =>
        [.. (await new Verify(Db, Clock).Run(Ct)).Checks.SelectMany(c => c.Broken.Select(b => $"{c.Check}: {b}"))];

    public async ValueTask DisposeAsync()
    {
        await Get<GeneralLedger>().DisposeAsync();
        var complaints = await Complaints();
        await _test.DisposeAsync();
        complaints.ShouldBeEmpty();
    }
}
