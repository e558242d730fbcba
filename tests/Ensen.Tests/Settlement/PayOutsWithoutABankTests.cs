using Ensen.Settlement;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Settlement;

/// <summary>An installation without a bank that pays merchants out.</summary>
public class PayOutsWithoutABankTests
{
    [Theory, BothEngines]
    public async Task Without_a_bank_no_file_is_made_and_the_money_waits(Engine engine)
    {
        await using var town = await Town.On(engine);
        (await town.Get<MakePayOutFile>().Run(TestContext.Current.CancellationToken)).Refusal.ShouldBe(MakePayOutFileRefusal.NotAvailable);
    }
}
