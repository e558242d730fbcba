using Ensen.Access;
using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Staff;

/// <summary>
/// Who works for the programme: persons, their accounts and roles, what needs two of them, and the log of what they do; and who works for
/// a merchant: accounts at its desk, their roles and stores.
/// </summary>
public static class StaffModule
{
    public static Module Module { get; } = new("Staff")
    {
        Declares =
        [
            Schema.Of(typeof(StaffModule)),
            PersonalTable.NotExported("operator_log", "who worked for the programme and did what, kept to hold them to account")
                .Kept("a chain of which nothing is taken out; it names members by their number: as long as the programme lives"),
            IdPrefix.Of<PersonId>(),
            IdPrefix.Of<OperatorId>(),
            IdPrefix.Of<ShopAccountId>(),
        ],
        Services = services => services
            .AddSingleton<Operators>()
            .AddSingleton<OperatorLog>()
            .AddSingleton<InviteOperator>()
            .AddSingleton<ApproveInvitation>()
            .AddSingleton<StaffDoor>()
            .AddSingleton<JoiningFactors>()
            .AddInstallationKey(InvitationSecrets.Name, InvitationSecrets.KeyBytes, key => new InvitationSecrets(key))
            .AddSingleton<JoinStaff>()
            .AddSingleton<DismissOperator>()
            .AddSingleton<IFactorOwner, OperatorFactors>()
            .AddSingleton<OperatorSignIn>()
            .AddSingleton<ShopAccounts>()
            .AddSingleton<ShopAccesses>()
            .AddSingleton<ShopLog>()
            .AddSingleton<InviteToShop>()
            .AddSingleton<JoinShop>()
            .AddSingleton<ChangeShopAccount>()
            .AddSingleton<DismissFromShop>()
            .AddSingleton<IFactorOwner, ShopFactors>()
            .AddSingleton<ShopSignIn>()
            .AddSingleton<TillClerks>()
            .AddSingleton<GiveTillPin>()
            .AddSingleton<ChangeRefundCaps>()
            .AddSingleton<TillDevices>(),
    };
}
