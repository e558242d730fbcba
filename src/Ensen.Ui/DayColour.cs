namespace Ensen.Ui;

/// <summary>The colour of a day: one of seven, never the same two days running, and not the same one each Monday.</summary>
public static class DayColour
{
    public const int Colours = 7;

    /// <summary>The number behind the <c>data-day</c> attribute. Steps of 3 through seven colours, one further each week.</summary>
    public static int Of(DateOnly day) => (day.DayNumber * 3 + day.DayNumber / 7) % Colours;
}
