using Ensen.Gateways;

namespace Ensen.Simulation.Faults;

/// <summary>Faults between us and the bank that pays merchants out.</summary>
static partial class PlantedFaults
{
    class ThroughBank(IPayOutBank bank) : IPayOutBank
    {
        public virtual Task<PayOutStanding> Send(PayOutOrder order, CancellationToken ct) => bank.Send(order, ct);
        public virtual Task<PayOutStanding> Ask(Guid fileId, CancellationToken ct) => bank.Ask(fileId, ct);
        public void WhenNews(NewsOfRequest hear) => bank.WhenNews(hear);
    }

    sealed class SendsAgain(IPayOutBank bank) : ThroughBank(bank)
    {
        public override Task<PayOutStanding> Send(PayOutOrder order, CancellationToken ct) =>
            base.Send(order with { FileId = Guid.NewGuid() }, ct);
    }

    sealed class HearsOfNoReturns(IPayOutBank bank) : ThroughBank(bank)
    {
        const int Record = 122;
        const int Result = 113;

        /// <summary>An answer in which something came back is none.</summary>
        public override async Task<PayOutStanding> Ask(Guid fileId, CancellationToken ct)
        {
            var standing = await base.Ask(fileId, ct);
            return standing.Answer is { } told && told.Chunk(Record).Any(record => record[0] == '2' && record[Result] == '9')
                ? standing with { Answer = null } : standing;
        }
    }
}
