using System.Data.Common;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Web.Watching;

/// <summary>Looks every few seconds at what only the database knows: the outbox, unknown outcomes.</summary>
sealed class LookOut(StorageMeter storage, WalletMeter wallet) : BackgroundService
{
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await storage.Look(stoppingToken);
                await wallet.Look(stoppingToken);
                await Task.Delay(s_pause, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is DbException or TimeoutException or IOException or OperationCanceledException)
            {
                // Readiness and the ledger's own meter say that the database is away; the numbers stay as they were last seen.
                await Task.Delay(s_pause, CancellationToken.None);
            }
        }
    }
}
