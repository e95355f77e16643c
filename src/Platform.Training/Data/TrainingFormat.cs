namespace Platform.Training.Data;

/// <summary>The layouts of training files; each is one JSON object a line, fields not named here are ignored.</summary>
public enum TrainingFormat
{
    /// <summary>{question, pos_pid, neg_pids[], pos_score?, neg_scores[]?}: ids only. HansiZeng/scaling-retriever.</summary>
    Reference,

    /// <summary>{query_id?, query, positive_passages[{docid, title?, text}], negative_passages[…]}. texttron/tevatron.</summary>
    Tevatron,

    /// <summary>{query, pos[], neg[]?, pos_scores[]?, neg_scores[]?}: texts only. FlagOpen/FlagEmbedding.</summary>
    FlagEmbedding,

    /// <summary>{query, positive}: texts, no negatives.</summary>
    Pairs,
}
