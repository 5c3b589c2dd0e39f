namespace Actors.Engine.Configuration;

/// <summary>Finds what somebody meant who mistyped a key.</summary>
internal static class KeySuggestion
{
    /// <summary>The closest of the candidates, or null when none is close: a third of the letters may differ.</summary>
    public static string? For(string key, IEnumerable<string> candidates)
    {
        var best = candidates
            .Where(candidate => Math.Abs(candidate.Length - key.Length) <= candidate.Length)
            .Select(candidate => (Name: candidate, Distance: Distance(key, candidate)))
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(1, key.Length / 3) ? best.Name : null;
    }

    // Edit distance where two letters that changed places count once.
    private static int Distance(string from, string to)
    {
        var rows = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
                rows[i, j] = i == 0 ? j : j == 0 ? i : Cell(i, j);
        }

        return rows[from.Length, to.Length];

        int Cell(int i, int j)
        {
            var change = rows[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            var cheapest = Math.Min(change, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
            var isSwap = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            return isSwap ? Math.Min(cheapest, rows[i - 2, j - 2] + 1) : cheapest;
        }
    }
}
