namespace Ensen.Web.Members;

/// <summary>What phones send, read as it was meant.</summary>
static class FormInput
{
    /// <summary>The id that a form was made with: it makes a repeated form one effect.</summary>
    public static bool TryIntent(string? text, out string key)
    {
        key = Guid.TryParse(text, out var id) ? Ensen.Storage.IdempotencyKey.OfForms + id.ToString("N") : "";
        return key.Length > 0;
    }
}
