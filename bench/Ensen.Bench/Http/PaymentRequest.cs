using System.Text;

namespace Ensen.Bench.Http;

/// <summary>A payment's request, made once; each use writes another member's token, store, key and amount over the ones before.</summary>
sealed class PaymentRequest
{
    readonly byte[] _bytes;
    readonly int _token;
    readonly int _key;
    readonly int _store;
    readonly int _amount;

    /// <param name="token">One token and one store id: they are all equally long.</param>
    public PaymentRequest(Uri address, string token, string store)
    {
        const string amount = "200";
        var key = new string('k', 32);
        var body = $$"""{"storeId":"{{store}}","amount":{{amount}}}""";
        var text = $"POST /api/v1/payments HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {token}\r\n"
            + FormattableString.Invariant(
                $"Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {body.Length}\r\n\r\n") + body;
        _bytes = Encoding.ASCII.GetBytes(text);
        (_token, _key) = (text.IndexOf(token, StringComparison.Ordinal), text.IndexOf(key, StringComparison.Ordinal));
        (_store, _amount) = (text.IndexOf(store, StringComparison.Ordinal), text.Length - 1 - amount.Length);
    }

    /// <summary>The request with a key that was never used, paying 200 to 399 yen.</summary>
    public ReadOnlyMemory<byte> For(byte[] token, byte[] store, Random random)
    {
        token.CopyTo(_bytes, _token);
        store.CopyTo(_bytes, _store);
        Guid.NewGuid().TryFormat(_bytes.AsSpan(_key, 32), out _, "N");
        random.Next(200, 400).TryFormat(_bytes.AsSpan(_amount, 3), out _, default, System.Globalization.CultureInfo.InvariantCulture);
        return _bytes;
    }
}
