namespace Ensen.Ui;

/// <summary>What the product's pages do with a code that was read: the sandbox reads codes without a camera for whoever plays.</summary>
public interface IScannedCodes
{
    /// <summary>The address of the page that a member's phone would open.</summary>
    Task<string> PageOf(HttpContext context, string? text, CancellationToken ct);

    /// <summary>Keeps a member's code for the till's page that takes it.</summary>
    void KeepAtTill(HttpContext context, string? code);
}
