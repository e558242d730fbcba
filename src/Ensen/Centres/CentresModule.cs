using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Ensen.Centres;

/// <summary>Shopping centres and their point tills: points given for purchases and spent, by the number that a member shows.</summary>
public static class CentresModule
{
    static readonly AccountType s_payable = new(36, "CentrePayable", Unit.Yen);

    static readonly EntryKind s_award = new(35, "PointAward", EntryId.Prefix, "gift");
    static readonly EntryKind s_spending = new(36, "PointSpending", EntryId.Prefix, "store");
    static readonly EntryKind s_cancellation = new(37, "PointCancellation", EntryId.Prefix, "refund");

    static readonly SingleUseKind s_receipt = new(28, "PointReceipt", "the points of receipt {0}", "id");
    static readonly SingleUseKind s_cancelled = new(29, "PointsCancelled", "the cancelling of {0}", EntryId.Prefix);

    extension(AccountType)
    {
        /// <summary>What is owed to a shopping centre for points that were spent there.</summary>
        public static AccountType CentrePayable => s_payable;
    }

    extension(EntryKind)
    {
        public static EntryKind PointAward => s_award;
        public static EntryKind PointSpending => s_spending;
        public static EntryKind PointCancellation => s_cancellation;
    }

    extension(SingleUseKind)
    {
        /// <summary>A receipt of a centre moved points. Subject: the centre and the receipt.</summary>
        public static SingleUseKind PointReceipt => s_receipt;

        /// <summary>An award or a spending at a centre was cancelled. Subject: its entry.</summary>
        public static SingleUseKind PointsCancelled => s_cancelled;
    }

    public static Module Module { get; } = new("Centres")
    {
        Declares =
        [
            Schema.Of(typeof(CentresModule)),
            .. CentresKept.All,
            IdPrefix.Of<CentreId>(ownersTable: "centre"), IdPrefix.Of<PointTillId>(), IdPrefix.Of<PointFileId>(),
            s_payable,
            s_award, s_spending, s_cancellation,
            s_receipt, s_cancelled,
            .. CentreChecks.DetailChecks,
            Job.Of<BookPointFiles>("point files", "files of point tills that were offline are booked whole", TimeSpan.FromMinutes(1),
                TimeSpan.FromMinutes(10), (files, ct) => files.Run(ct)),
        ],
        Services = services => services
            .AddSingleton<OpenCentre>()
            .AddSingleton<FindCentre>()
            .AddSingleton<SignInPointTill>()
            .AddSingleton<PointFiles>()
            .AddSingleton<MemberCodes>()
            .AddSingleton<ReadShown>()
            .AddSingleton<PointReceipts>()
            .AddSingleton<AwardPoints>()
            .AddSingleton<SpendPoints>()
            .AddSingleton<CancelPoints>()
            .AddSingleton<TakePointFile>()
            .AddSingleton<BookPointFiles>(),
    };
}
