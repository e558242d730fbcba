using System.Net.Http.Headers;
using System.Net.ServerSentEvents;

namespace Ensen.Bench.Http;

/// <summary>A till that listens to its store's events and counts the payments it hears of, each once.</summary>
sealed class Till : IAsyncDisposable
{
    readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    readonly CancellationTokenSource _stop = new();
    readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _hearing;
    long _payments;
    long _twice;

    Till(Uri address, string token) => _hearing = Task.Run(() => Hear(new Uri(address, "/api/v1/till/events"), token));

    /// <summary>Payments heard of so far.</summary>
    public long Payments => Interlocked.Read(ref _payments);

    public long Twice => Interlocked.Read(ref _twice);

    public static async Task<Till> Listen(Uri address, string token)
    {
        var till = new Till(address, token);
        await Task.WhenAny(till._listening.Task, till._hearing);
        return till;
    }

    /// <summary>Waits until it has heard of so many payments, or this long.</summary>
    public async Task<bool> Hears(long payments, TimeSpan atMost)
    {
        var until = TimeProvider.System.GetTimestamp() + (long)(atMost.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (Payments < payments && TimeProvider.System.GetTimestamp() < until)
            await Task.Delay(20);
        return Payments >= payments;
    }

    async Task Hear(Uri events, string token)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, events);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
            answer.EnsureSuccessStatusCode();
            var seen = new HashSet<string>();
            await foreach (var item in SseParser.Create(await answer.Content.ReadAsStreamAsync(_stop.Token)).EnumerateAsync(_stop.Token))
            {
                _listening.TrySetResult();
                if (item.EventType == "payment")
                    Interlocked.Increment(ref seen.Add(item.EventId ?? "") ? ref _payments : ref _twice);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The bench is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _hearing;
        _http.Dispose();
        _stop.Dispose();
    }
}
