using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Banking;

/// <summary>Bank accounts that members link to their wallets.</summary>
public static class BankingModule
{
    public static Module Module { get; } = new("Banking")
    {
        Declares =
        [
            Schema.Of(typeof(BankingModule)),
            PersonalTable.Exported("bank_account", "bankAccounts", "member = @member")
                .Id<BankAccountId>("id", "bankAccountId").Text("bank_name").Text("last_four").Moment("linked_ms").Moment("removed_ms")
                .Without("member", "token").Erased(),
            PersonalTable.NotExported("bank_account_claim", "that an account is linked once: its hash under a key of the installation")
                .Erased("member = @member"),
            IdPrefix.Of<BankAccountId>(),
            LinkBankAccount.Purpose,
        ],
        Services = services => services
            .AddInstallationKey(BankNumberHash.Name, BankNumberHash.KeyBytes, key => new BankNumberHash(key))
            .AddSingleton<LinkBankAccount>()
            .AddSingleton<OwnBankAccounts>()
            .AddSingleton<UnlinkBankAccount>(),
    };
}
