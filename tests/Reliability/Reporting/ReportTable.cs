namespace Actors.Reliability.Reporting;

/// <summary>Rows of figures.</summary>
/// <param name="Title">What they are.</param>
/// <param name="Head">The columns.</param>
/// <param name="Rows">A cell for each column.</param>
internal sealed record ReportTable(string Title, string[] Head, IReadOnlyList<string[]> Rows);
