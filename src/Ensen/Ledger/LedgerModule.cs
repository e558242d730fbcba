using Ensen.Basics;
using Ensen.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ensen.Ledger;

/// <summary>Accounts, entries and their postings, limits, restrictions, single uses, and the seals that prove them.</summary>
public static class LedgerModule
{
    static readonly AccountType s_suspense = new(40, "Suspense", Unit.Yen) { Claim = Claim.Unplaced };
    static readonly LimitKind s_pay = new(1, "Pay");
    static readonly LimitKind s_arriving = new(6, "Arriving");
    static readonly SingleUseKind s_corrected = new(7, "EntryCorrected", "the correction of {0}", EntryId.Prefix);
    static readonly RestrictionKind s_frozen = new(1, "Frozen");
    static readonly RestrictionKind s_lowCaps = new(2, "LowCaps", byRule: true);
    static readonly RestrictionKind s_left = new(3, "Left", byRule: true);

    static readonly BoundedSetting s_writers = new("Ensen:Writers", "2", new WholeNumbers(1, 16),
        "ledger writers of this node on PostgreSQL");
    /// <summary>The folder in which each closed day's root is kept, too.</summary>
    public static readonly BoundedSetting Roots = new("ENSEN_ROOTS", null,
        new Written("a folder that can be written to", folder => !folder.Contains('\0', StringComparison.Ordinal) && !File.Exists(folder),
            ["roots"], ["a\0b"]),
        "a folder that gets a file with each day's root ([receipts.md](../receipts.md)); keep it on another machine");

    extension(AccountType)
    {
        /// <summary>Yen that arrived and whose place is not decided: it is never lost, and somebody has to look.</summary>
        public static AccountType Suspense => s_suspense;
    }

    extension(SingleUseKind)
    {
        /// <summary>
        /// An entry was corrected. Subject: the entry. A second correction corrects the first, and what the entry did is undone in no
        /// other way.
        /// </summary>
        public static SingleUseKind EntryCorrected => s_corrected;
    }

    extension(LimitKind)
    {
        /// <summary>Payments. The limit's row is written by every change of its owner's accounts, too: it is the owner's turn.</summary>
        public static LimitKind Pay => s_pay;

        /// <summary>
        /// Not moved yet: what is on its way to the owner and will be booked unasked. It is not of a day, and counts wherever a cap on
        /// what is held is decided.
        /// </summary>
        public static LimitKind Arriving => s_arriving;
    }

    extension(RestrictionKind)
    {
        /// <summary>The owner neither pays nor sends, receives nor charges. Refunds arrive, and what was on its way.</summary>
        public static RestrictionKind Frozen => s_frozen;

        /// <summary>
        /// What the owner pays and sends is capped low (<see cref="LowCapRules"/>) for a while: something happened that a thief would do
        /// first.
        /// </summary>
        public static RestrictionKind LowCaps => s_lowCaps;

        /// <summary>
        /// The owner has left the programme: no entry touches the owner's accounts any more, and nobody lifts it.
        /// </summary>
        public static RestrictionKind Left => s_left;
    }

    /// <summary>A node that stops waits no longer for the answers of its last batch.</summary>
    public static readonly TimeSpan MostClosing = TimeSpan.FromSeconds(5);

    public static Module Module { get; } = new("Ledger")
    {
        Declares =
        [
            Schema.Of(typeof(LedgerModule)),
            .. LedgerKept.All,
            s_suspense,
            s_pay, s_arriving,
            s_corrected,
            s_frozen, s_lowCaps, s_left,
            IdPrefix.Of<EntryId>(),
            IdPrefix.Of<RestrictionId>(),
            s_writers, Roots,
            .. LedgerChecks.All,
        ],
        Services = services => services
            .AddSingleton(p => new GeneralLedger(
                p.GetRequiredService<Database>(), p.GetRequiredService<TimeProvider>(),
                p.GetRequiredService<SettingValues>().Number(s_writers), p.GetRequiredService<ILogger<GeneralLedger>>())
            {
                MostClosing = MostClosing,
            })
            .AddSingleton(p => new RootFolder(p.GetRequiredService<SettingValues>().Text(Roots)))
            .AddSingleton<CloseSeals>()
            .AddSingleton<Months>()
            .AddSingleton<PublicRoots>()
            .AddSingleton<FindSeal>(),
    };
}
