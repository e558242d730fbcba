using System.Text;

namespace Ensen.Bench.Http;

/// <summary>A connection for each caller.</summary>
sealed class Payers(Uri address, SandboxTown town, int callers) : IDisposable
{
    readonly Wire[] _wires = new Wire[callers];
    readonly PaymentRequest[] _requests = new PaymentRequest[callers];
    long _made;
    long _atFirstStore;

    /// <summary>Payments made, those of the warm-up too.</summary>
    public long Made => Interlocked.Read(ref _made);

    /// <summary>Payments made at the store whose till listens.</summary>
    public long AtFirstStore => Interlocked.Read(ref _atFirstStore);

    /// <summary>The first answer that was no payment.</summary>
    public string? Strange { get; private set; }

    public async Task Connect(CancellationToken ct)
    {
        for (var i = 0; i < _wires.Length; i++)
        {
            _wires[i] = await Wire.To(address, ct);
            _requests[i] = new PaymentRequest(address, Encoding.ASCII.GetString(town.MemberTokens[0]),
                Encoding.ASCII.GetString(town.Stores[0]));
        }
    }

    public async Task<bool> Pay(int caller, Random random, CancellationToken ct)
    {
        var store = random.Next(town.Stores.Length);
        var request = _requests[caller].For(town.MemberTokens[random.Next(town.MemberTokens.Length)], town.Stores[store], random);
        var paid = await _wires[caller].Ask(request, ct) == 201;
        if (!paid)
            Strange ??= Encoding.UTF8.GetString(_wires[caller].Answer);
        else
        {
            Interlocked.Increment(ref _made);
            if (store == 0)
                Interlocked.Increment(ref _atFirstStore);
        }
        return paid;
    }

    public void Dispose()
    {
        foreach (var wire in _wires)
            wire?.Dispose();
    }
}
