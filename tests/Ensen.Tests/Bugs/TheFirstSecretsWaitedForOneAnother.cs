using Ensen.Access;
using Ensen.Sandbox;
using Ensen.Storage;
using Ensen.Tests.Support;
using Ensen.Web.Session;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Tests.Bugs;

/// <summary>
/// The keys that protect secrets were read by the first secret, inside its transaction, over a second connection. When as many transactions
/// as the pool has connections kept their first secrets at once (the demo town at its first start), each held one and none got another.
/// </summary>
public class TheFirstSecretsWaitedForOneAnother
{
    [Theory, BothEngines]
    public async Task As_many_secrets_at_once_as_there_are_connections_are_kept(Engine engine)
    {
        await using var test = await TestDatabase.Create(engine);
        var address = engine == Engine.Postgres ? $"{test.Address};Maximum Pool Size=4;Timeout=5" : test.Address;
        await using var db = Database.Open(address, SandboxModule.Catalogue);
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("ensen");
        services.Configure<KeyManagementOptions>(o => o.XmlRepository = new DataProtectionKeys(db));
        await using var provider = services.BuildServiceProvider();
        SecretProtection.Warm(provider);
        var protection = new SecretProtection(provider.GetRequiredService<IDataProtectionProvider>());

        var kept = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => db.Transact(tx =>
            Task.FromResult(protection.Protect([1, 2, 3], SecretUse.MemberKey))))));

        kept.ShouldAllBe(secret => protection.Unprotect(secret, SecretUse.MemberKey)!.SequenceEqual(new byte[] { 1, 2, 3 }));
    }
}
