using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Storage;

/// <summary>
/// A secret key of the installation: random bytes, made at its first start and kept among its settings. A node reads all of them when it
/// starts (<see cref="Load"/>): read at somebody's first request, each would keep the threads of all who ask meanwhile.
/// </summary>
public abstract class InstallationKey
{
    /// <summary>Reads the key, and makes it where nobody has yet.</summary>
    public static async Task<byte[]> Read(Database db, string name, int bytes, CancellationToken ct = default)
    {
        var text = await db.Transact(async tx =>
        {
            await Setting.WriteFirst(tx, name, Convert.ToHexString(RandomNumberGenerator.GetBytes(bytes)));
            return await Setting.Read(tx.Connection!, name, tx);
        }, ct);
        return Convert.FromHexString(text!);
    }

    /// <summary>Reads every key that the modules named.</summary>
    public static async Task Load(IServiceProvider services, CancellationToken ct = default)
    {
        foreach (var key in services.GetServices<InstallationKey>())
            await key.Load(ct);
    }

    protected abstract Task Load(CancellationToken ct);
}

/// <summary>A key, and what is made of it.</summary>
sealed class InstallationKey<T>(Database db, string name, int bytes, Func<byte[], T> make) : InstallationKey
    where T : class
{
    T? _made;

    /// <summary>A command that has read no keys beforehand reads the one that it needs here.</summary>
    public T Value => _made ??= make(Read(db, name, bytes).GetAwaiter().GetResult());

    protected override async Task Load(CancellationToken ct) => _made ??= make(await Read(db, name, bytes, ct));
}

/// <summary>How a module names its key.</summary>
static class InstallationKeys
{
    /// <summary><typeparamref name="T"/> is made of a key of so many bytes that is kept under this name.</summary>
    public static IServiceCollection AddInstallationKey<T>(this IServiceCollection services, string name, int bytes, Func<byte[], T> make)
        where T : class =>
        services.AddSingleton(p => new InstallationKey<T>(p.GetRequiredService<Database>(), name, bytes, make))
            .AddSingleton<InstallationKey>(p => p.GetRequiredService<InstallationKey<T>>())
            .AddSingleton(p => p.GetRequiredService<InstallationKey<T>>().Value);
}
