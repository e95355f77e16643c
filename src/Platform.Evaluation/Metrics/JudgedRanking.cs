using System.Runtime.CompilerServices;

namespace Platform.Evaluation.Metrics;

/// <summary>One query's results as grades in rank order, with the counts that every measure starts from.</summary>
/// <remarks>Reused from query to query: a measure must not keep it. Position i is rank i + 1.</remarks>
internal sealed class JudgedRanking
{
    /// <summary>The grade of a document outside the pool: nobody was asked about it.</summary>
    public const int NotInPool = -1;

    /// <summary>The grade of a document in the pool that was not judged (infAP samples the pool).</summary>
    public const int Unjudged = -2;

    private int[] _grades = [];
    private int[] _levelCounts = [];
    private int _levels;

    /// <summary>The results' grades, best result first.</summary>
    public ReadOnlySpan<int> Grades => _grades.AsSpan(0, RetrievedCount);

    /// <summary>How many judged documents have each grade, indexed by grade; ends at the highest grade.</summary>
    public ReadOnlySpan<int> LevelCounts => _levelCounts.AsSpan(0, _levels);

    public int RetrievedCount { get; private set; }

    public int RelevanceLevel { get; private set; }

    /// <summary>Relevant documents of the query, returned or not.</summary>
    public int RelevantCount { get; private set; }

    public int RelevantRetrieved { get; private set; }

    /// <summary>Judged documents of the query that are not relevant, returned or not.</summary>
    public int NonrelevantCount { get; private set; }

    public bool IsRelevant(int position) => _grades[position] >= RelevanceLevel;

    /// <summary>Returns how many of the first <paramref name="depth"/> results are relevant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int RelevantWithin(int depth)
    {
        int relevant = 0;
        int end = Math.Min(depth, RetrievedCount);
        for (int position = 0; position < end; position++)
        {
            relevant += IsRelevant(position) ? 1 : 0;
        }

        return relevant;
    }

    /// <summary>Starts a query: its judged grades, and room for its results.</summary>
    public void Reset(ReadOnlySpan<int> judgedGrades, int maxResults, int relevanceLevel)
    {
        RetrievedCount = RelevantCount = RelevantRetrieved = NonrelevantCount = _levels = 0;
        RelevanceLevel = relevanceLevel;
        if (_grades.Length < maxResults)
        {
            _grades = new int[maxResults];
        }

        Array.Clear(_levelCounts);
        for (int i = 0; i < judgedGrades.Length; i++)
        {
            int grade = judgedGrades[i];
            if (grade < 0)
            {
                continue;
            }

            if (grade >= _levelCounts.Length)
            {
                Array.Resize(ref _levelCounts, grade + 1);
            }

            _levelCounts[grade]++;
            _levels = Math.Max(_levels, grade + 1);
            RelevantCount += grade >= relevanceLevel ? 1 : 0;
            NonrelevantCount += grade < relevanceLevel ? 1 : 0;
        }
    }

    /// <summary>Appends the next result's grade, or <see cref="NotInPool"/> or <see cref="Unjudged"/>.</summary>
    public void Append(int grade)
    {
        _grades[RetrievedCount++] = grade;
        RelevantRetrieved += grade >= RelevanceLevel ? 1 : 0;
    }
}
